"""The library as it is now, with what was written meanwhile."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.library.models import Library
from app.live.shelf import Shelf
from app.storage.own import delete_own, restore_own, save_own
from tests.helpers import NOON
from tests.library.helpers import HALF_SQUARE, VARIANT

MINE = HALF_SQUARE.replace("drill = 8\n", "")


def now(shelf: Shelf, engine: Engine) -> Library:
    """The library for a new request."""
    with Session(engine) as session:
        return shelf.library(session)


def save(engine: Engine, source: str = MINE, derivation_id: str = "half-square") -> None:
    """What another process may do as well."""
    with Session(engine) as session:
        save_own(session, derivation_id, source, NOON)
        session.commit()


def test_at_first_it_holds_what_is_shipped(engine: Engine, library: Library) -> None:
    assert now(Shelf(library), engine) is library


def test_a_save_of_another_process_is_seen(engine: Engine, library: Library) -> None:
    shelf = Shelf(library)
    now(shelf, engine)

    save(engine)

    assert now(shelf, engine).own == ("half-square",)
    assert list(now(shelf, engine).derivations) == [*library.derivations, "half-square"]


def test_what_was_written_before_the_start_is_there(engine: Engine, library: Library) -> None:
    save(engine)

    assert "half-square" in now(Shelf(library), engine).derivations


def test_a_changed_derivation_is_read_again(engine: Engine, library: Library) -> None:
    shelf = Shelf(library)
    save(engine)
    now(shelf, engine)

    save(engine, MINE.replace("Derivative of a square", "A square") + VARIANT)

    changed = now(shelf, engine)
    assert changed["half-square"].question.title == "A square"
    assert changed.family_of("half-square") == {"half-square", "square"}
    assert changed.own == ("half-square",)


def test_what_is_deleted_is_gone_until_it_is_restored(engine: Engine, library: Library) -> None:
    shelf = Shelf(library)
    save(engine)
    with Session(engine) as session:
        delete_own(session, "half-square", NOON)
        session.commit()
    assert list(now(shelf, engine).derivations) == list(library.derivations)

    with Session(engine) as session:
        restore_own(session, "half-square", NOON)
        session.commit()

    assert "half-square" in now(shelf, engine).derivations


def test_it_is_read_again_only_when_something_changed(engine: Engine, library: Library) -> None:
    """The checkers of its derivations are kept as long as these stay the same objects."""
    shelf = Shelf(library)
    save(engine)

    assert now(shelf, engine) is now(shelf, engine)


@pytest.mark.parametrize(
    ("derivation_id", "source"),
    [
        ("half-square", "id = "),
        ("half-square", MINE.replace("'half-square'", "'other'")),
        ("ols", MINE.replace("'half-square'", "'ols'")),
        ("half-square", MINE + VARIANT.replace("'square'", "'ols'")),
        ("half-square", MINE + VARIANT.replace("'square'", "'ols-ridge'")),
    ],
)
def test_what_cannot_be_used_is_left_out_and_told(
    engine: Engine,
    library: Library,
    caplog: pytest.LogCaptureFixture,
    derivation_id: str,
    source: str,
) -> None:
    save(engine, source, derivation_id)
    save(engine, MINE.replace("'half-square'", "'fine'"), "fine")

    found = now(Shelf(library), engine)

    assert found.own == ("fine",)
    assert found["ols"] == library["ols"]
    assert f"own derivation {derivation_id}" in caplog.text
