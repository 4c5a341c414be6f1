from starlette.testclient import TestClient

from app.library.models import Library
from tests.web.helpers import abandon, plain, start_attempt, text_of

ROW = "Something complicated, with the whole softmax Jacobian in it."


def test_every_row_is_there_to_be_opened(client: TestClient, library: Library) -> None:
    page = client.get("/gotchas").text

    assert page.count("<details") == len(library.gotchas) + sum(
        len(one.gotchas) for one in library.originals
    )
    assert ROW in page
    seen = text_of(page)
    for one in (*library.gotchas, *(each for d in library.originals for each in d.gotchas)):
        parts = (one.question, one.wrong, one.right, one.why)
        assert all(plain(part) in seen for part in parts), one.question


def test_the_rows_of_a_running_derivation_stay_closed(client: TestClient, library: Library) -> None:
    everything = client.get("/gotchas").text.count("<details")
    closed = sum(row.derivation == "mlp-backprop" for row in library.gotchas)
    closed += len(library["mlp-backprop"].gotchas)
    attempt = start_attempt(client, "mlp-backprop")

    page = client.get("/gotchas").text

    assert ROW not in page
    assert library["mlp-backprop"].gotchas[0].why not in page
    assert page.count("<details") == everything - closed
    assert f"{closed} row" in text_of(page)
    abandon(client, attempt)
    assert ROW in client.get("/gotchas").text
