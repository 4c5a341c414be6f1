"""Things to keep: attempts, ratings, answers, settings, derivations of one's own."""

import io
import re
import zipfile

from starlette.testclient import TestClient

from app.practice.events import Event
from app.practice.snippets import USUAL, written
from tests.helpers import MINUTE, Now, ink, line_data
from tests.web.helpers import MINE, end_attempt, start_attempt

OLS = [r"X^\top X w = X^\top y", r"\hat{w} = (X^\top X)^{-1} X^\top y"]


def done(client: TestClient, now: Now, derivation: str = "ols", note: str = "") -> str:
    """An attempt that has ended and was looked back on."""
    attempt = start_attempt(client, derivation)
    now.advance(MINUTE)
    lines = [
        Event(1_000 * number, "line", line_data(text, f"r-{number}", number))
        for number, text in enumerate(OLS, start=1)
    ]
    end_attempt(client, attempt, ink(500), *lines, t=30_000)
    assert client.get(f"/a/{attempt}").status_code == 200
    client.put(f"/a/{attempt}/steps/1", data={"split": "2000"})
    client.put(f"/a/{attempt}/note", data={"note": note})
    return attempt


def write_own(client: TestClient, source: str = MINE) -> None:
    assert client.post("/write/import", data={"text": source}).status_code == 303


def pass_a_rung(client: TestClient, derivation: str = "ols") -> None:
    """An answer on the ladder, right or wrong."""
    path = f"/d/{derivation}/ladder/corrupted"
    assert client.post(path, data={"seed": "1", "chosen": "1"}).status_code < 400


def choose(client: TestClient, **form: str) -> None:
    assert client.post("/settings", data={"snippets": written(USUAL)} | form).status_code == 303


def rate_a_card(client: TestClient, grade: int = 3) -> None:
    card = re.search(r'name="card" value="(\w+)"', client.get("/drill/gotchas").text)
    assert card
    client.post("/drill/gotchas/ratings", data={"card": card[1], "grade": grade})


def taken_out(client: TestClient) -> bytes:
    response = client.get("/keep/coldboard.zip")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/zip"
    assert int(response.headers["content-length"]) == len(response.content)
    return response.content


def names_in(file: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return archive.namelist()


def one_of_everything(client: TestClient, now: Now, note: str, **chosen: str) -> str:
    """Whatever can be kept is there; gives the attempt."""
    attempt = done(client, now, note=note)
    rate_a_card(client)
    write_own(client)
    pass_a_rung(client)
    choose(client, **chosen)
    return attempt
