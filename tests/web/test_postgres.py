"""The whole application on PostgreSQL: every page that asks the database answers."""

from app.library.models import Library
from app.main import create_app
from app.settings import Settings
from tests.helpers import Now
from tests.postgres import Postgres
from tests.web.helpers import UNCHANGED, end_attempt, start_attempt, text_of, visitor

PAGES = (
    "/",
    "/history",
    "/progress",
    "/progress/ols",
    "/drill",
    "/drill/gotchas",
    "/d/ols/ladder",
    "/redo",
    "/settings",
    "/keep",
    "/keep/attempts.csv",
    "/keep/splits.csv",
    "/keep/deletion",
)


def test_an_attempt_is_written_looked_back_on_and_kept(
    postgres: Postgres, library: Library, now: Now
) -> None:
    postgres.empty()
    with visitor(create_app(Settings(database_url=postgres.url), now=now)) as client:
        attempt = start_attempt(client)
        end_attempt(client, attempt)

        assert client.get(f"/a/{attempt}").status_code == 200
        for step in library["ols"].must_steps:
            assert client.put(f"/a/{attempt}/steps/{step}").status_code == 200
        assert client.put(f"/a/{attempt}/note", data={"note": "Shapes\0 first."}).status_code == 200
        assert client.post("/settings", data=UNCHANGED | {"theme": "dark"}).status_code == 303
        for path in PAGES:
            assert client.get(path).status_code == 200, path
        assert "Shapes first." in client.get(f"/a/{attempt}").text
        assert "(provisional, from 1 clean run)" in text_of(client.get("/").text)
