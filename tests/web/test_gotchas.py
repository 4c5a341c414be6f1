from starlette.testclient import TestClient

from app.library.models import Library
from tests.web.helpers import abandon, start_attempt, text_of

ROW = "Something complicated, with the whole softmax Jacobian in it."


def test_every_row_is_there_to_be_opened(client: TestClient, library: Library) -> None:
    page = client.get("/gotchas").text

    assert page.count("<details") == len(library.gotchas)
    assert ROW in page


def test_the_rows_of_a_running_derivation_stay_closed(client: TestClient, library: Library) -> None:
    closed = sum(row.derivation == "mlp-backprop" for row in library.gotchas)
    attempt = start_attempt(client, "mlp-backprop")

    page = client.get("/gotchas").text

    assert ROW not in page
    assert page.count("<details") == len(library.gotchas) - closed
    assert f"{closed} row" in text_of(page)
    abandon(client, attempt)
    assert ROW in client.get("/gotchas").text
