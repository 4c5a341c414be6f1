"""Two years of practice, ten thousand attempts: every page that counts them answers, and right."""

from sqlmodel import Session

from app.library.models import Library
from app.main import create_app, wall_clock_ms
from app.practice.attempt import Mode
from app.practice.pace import pace_of
from app.settings import Settings
from app.storage.attempts import list_ended
from app.storage.database import open_database
from app.web.summaries import standings, summaries
from bench.progress import ATTEMPTS, PAGES, fill
from tests.web.helpers import visitor


def test_ten_thousand_attempts_are_counted_as_the_rules_count_them(
    database_url: str, library: Library
) -> None:
    engine = open_database(database_url)
    fill(engine, library)

    with visitor(create_app(Settings(database_url=database_url), now=wall_clock_ms)) as client:
        for page in (*PAGES, "/drill", "/redo", "/keep/attempts.csv"):
            assert client.get(page).status_code == 200, page

    with Session(engine) as session:
        standing = standings(session, library)["ols"]
        one_by_one = summaries(session, library, list_ended(session, "ols")[::-1])
        assert len(list_ended(session)) == ATTEMPTS
    clean = [
        one.run.time_ms
        for one in one_by_one
        if one.run and one.run.clean and one.row.mode == Mode.COLD
    ]
    assert len(clean) > 100
    assert standing.pace == pace_of(clean)
    engine.dispose()
