"""What is mine to keep: out, in, and gone."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.main import create_app
from app.practice.archive import ArchiveWriter, OwnDerivation
from app.practice.events import Event
from app.settings import Settings
from app.web import keep
from tests.helpers import MINUTE, NOON, Now, end, ink, line_data
from tests.web.helpers import (
    HTMX,
    MINE,
    abandon,
    end_attempt,
    start_attempt,
    tab,
    text_of,
    visitor,
)

DAY = 24 * 60 * MINUTE
OLS = [r"X^\top X w = X^\top y", r"\hat{w} = (X^\top X)^{-1} X^\top y"]


@pytest.fixture
def elsewhere(tmp_path_factory: pytest.TempPathFactory, now: Now) -> Iterator[TestClient]:
    """A browser on another device."""
    place = tmp_path_factory.mktemp("elsewhere") / "coldboard.sqlite3"
    with visitor(create_app(Settings(database_url=f"sqlite:///{place}"), now=now)) as client:
        yield client


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


def bring_in(client: TestClient, file: bytes, status: int = 200) -> str:
    """The sentences of the page that answers."""
    response = client.post("/keep/import", files={"file": ("coldboard.zip", file)})
    assert response.status_code == status, response.text
    return text_of(response.text)


def rows_of(client: TestClient, path: str) -> list[dict[str, str]]:
    response = client.get(path)
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


# --- out and in --------------------------------------------------------------------------------


def test_it_is_linked_from_the_history_and_below_every_page(client: TestClient) -> None:
    assert client.get("/history").text.count('href="/keep"') == 2
    assert 'href="/keep"' in client.get("/study").text


def test_everything_arrives_elsewhere_as_it_was(
    client: TestClient, elsewhere: TestClient, now: Now
) -> None:
    attempt = done(client, now, note="ŷ first.")
    rate_a_card(client)
    write_own(client)
    file = taken_out(client)

    said = bring_in(elsewhere, file)

    assert "1 new attempt" in said
    assert "1 new card rating" in said
    assert "half-square is new among your own derivations" in said
    assert taken_out(elsewhere) == file
    assert text_of(elsewhere.get("/history").text) == text_of(client.get("/history").text)
    review = f"/a/{attempt}"
    assert text_of(elsewhere.get(review).text) == text_of(client.get(review).text)
    assert elsewhere.get("/d/half-square").status_code == 200
    assert text_of(elsewhere.get("/drill").text) == text_of(client.get("/drill").text)


def test_the_page_says_how_much_there_is(client: TestClient, now: Now) -> None:
    done(client, now)
    rate_a_card(client)

    said = text_of(client.get("/keep").text)

    assert "1 attempt, 1 card rating, 0 derivations of your own" in said
    assert "An attempt is running" not in said


def test_bringing_it_in_again_says_that_nothing_is_new(client: TestClient, now: Now) -> None:
    done(client, now)
    file = taken_out(client)

    said = bring_in(client, file)

    assert "Nothing new: everything in it is here already" in said
    assert taken_out(client) == file


def test_of_two_versions_the_page_names_both(
    client: TestClient, elsewhere: TestClient, now: Now
) -> None:
    write_own(client)
    now.advance(MINUTE)
    write_own(elsewhere, MINE.replace("Derivative of a square", "A square"))

    response = client.post("/keep/import", files={"file": ("x.zip", taken_out(elsewhere))})

    assert "was saved later in the file" in text_of(response.text)
    kept = re.search(
        r'the older one is kept as <a href="(/write/half-square-\w{6})"', response.text
    )
    assert kept
    page = client.get(kept[1].replace("/write", "/d")).text
    assert "Derivative of a square (older version)" in page
    assert "A square" in client.get("/d/half-square").text


def test_what_cannot_be_practised_is_kept_and_named(client: TestClient) -> None:
    file = io.BytesIO()
    writer = ArchiveWriter(file, NOON)
    writer.add_ratings([])
    writer.add_derivation(OwnDerivation("ols", MINE.replace("half-square", "ols"), NOON, NOON))
    writer.add_derivation(OwnDerivation("older", "id = 'older'\nform = 'older'", NOON, NOON))
    writer.finish(0)

    said = bring_in(client, file.getvalue())

    assert "ols is kept but cannot be practised" in said
    assert "older is kept but cannot be practised" in said
    assert "Ordinary least squares" in client.get("/d/ols").text
    assert client.get("/write/older/file.toml").text == "id = 'older'\nform = 'older'"


def test_what_is_left_out_is_said(client: TestClient, elsewhere: TestClient, now: Now) -> None:
    earlier = done(client, now)
    other = done(client, now, "rope")
    running = start_attempt(client, "ols-ridge")

    page = client.get("/keep").text
    file = taken_out(client)

    assert "An attempt is running" in text_of(page)
    assert "the 1 earlier one on the same derivation" in text_of(page)
    assert f"attempts/{other}.ndjson" in names_in(file)
    assert not [name for name in names_in(file) if earlier in name or running in name]
    assert "2 attempts are not in the file" in bring_in(elsewhere, file)


def test_a_derivation_of_my_own_that_is_attempted_stays_in(client: TestClient) -> None:
    write_own(client)
    start_attempt(client, "half-square")

    assert "derivations/half-square.toml" not in names_in(taken_out(client))


def test_nothing_is_brought_in_while_an_attempt_runs(client: TestClient, now: Now) -> None:
    done(client, now)
    file = taken_out(client)
    running = start_attempt(client, "rope")

    assert f"/a/{running}" in client.get("/keep").text
    assert "data-import" not in client.get("/keep").text
    assert "An attempt is running" in bring_in(client, file, 409)


def test_an_attempt_whose_time_is_out_is_not_in_the_way(client: TestClient, now: Now) -> None:
    done(client, now)
    file = taken_out(client)
    start_attempt(client, "rope")
    now.advance(10 * MINUTE)

    bring_in(client, file)


@pytest.mark.parametrize(
    ("file", "word"),
    [
        (b"", "not a zip file"),
        (b"PK\x03\x04", "not a zip file"),
        (b"x" * 300_000, "not a zip file"),
    ],
)
def test_what_is_no_export_is_explained_and_changes_nothing(
    client: TestClient, now: Now, file: bytes, word: str
) -> None:
    done(client, now)
    before = taken_out(client)

    said = bring_in(client, file, 422)

    assert "Nothing was brought in, and nothing was changed." in said
    assert word in said
    assert taken_out(client) == before


def test_one_wrong_part_keeps_out_all_the_others(
    client: TestClient, elsewhere: TestClient, now: Now
) -> None:
    done(client, now)
    write_own(client)
    file = taken_out(client)
    before = taken_out(elsewhere)
    spoiled = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as source, zipfile.ZipFile(spoiled, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data + b"[" if name.startswith("derivations/") else data)

    said = bring_in(elsewhere, spoiled.getvalue(), 422)

    assert "half-square.toml: line" in said
    assert "0 attempts, 0 card ratings, 0 derivations" in said

    assert taken_out(elsewhere) == before
    assert elsewhere.get("/d/half-square").status_code == 404


def test_without_a_file_it_asks_for_one(client: TestClient) -> None:
    for files in (None, {"file": ("", b"")}):
        response = client.post("/keep/import", files=files)
        assert response.status_code == 422
        assert "no file was chosen" in response.text


def test_a_file_beyond_the_limit_is_not_read(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keep, "open_archive", lambda _: pytest.fail("it was read"))
    size = {"Content-Length": str(keep.MAX_ARCHIVE_BYTES + 1), "Content-Type": "x/y"}

    response = client.post("/keep/import", content=iter([b"x"]), headers=size)

    assert response.status_code == 413


def test_no_other_route_takes_that_much(client: TestClient) -> None:
    response = client.post("/write/import", files={"file": ("x.toml", b"x" * 200_000)})

    assert response.status_code == 413


def test_another_site_cannot_bring_anything_in(client: TestClient) -> None:
    for path in ("/keep/import", "/keep/deletion"):
        response = client.post(path, headers={"Origin": "http://evil.example"})
        assert response.status_code == 403


# --- tables -----------------------------------------------------------------------------------


def test_the_table_of_attempts(client: TestClient, now: Now) -> None:
    attempt = done(client, now, note='=HYPERLINK("http://evil.example")\r\n"ŷ", then')
    abandoned = start_attempt(client, "rope", minutes="none", mode="guided")
    now.advance(2 * MINUTE + 500)
    abandon(client, abandoned)

    newest, first = rows_of(client, "/keep/attempts.csv")

    assert first == {
        "attempt": attempt,
        "derivation": "ols",
        "title": "Ordinary least squares",
        "mode": "cold",
        "begun_utc": "2025-10-09 09:00:00",
        "limit": "0:05:00",
        "limit_ms": "300000",
        "ended_after": "0:00:30",
        "ended_after_ms": "30000",
        "end": "done",
        "steps_reached": "3",
        "steps": "4",
        "clean": "no",
        "time": "0:00:30",
        "time_ms": "30000",
        "note": '\'=HYPERLINK("http://evil.example")\n"ŷ", then',
    }
    assert (newest["attempt"], newest["limit"], newest["limit_ms"]) == (abandoned, "", "")
    assert (newest["steps_reached"], newest["clean"]) == ("", "")
    assert (newest["ended_after"], newest["ended_after_ms"]) == ("0:02:00", "120500")


def test_the_table_of_splits(client: TestClient, now: Now) -> None:
    attempt = done(client, now)
    client.delete(f"/a/{attempt}/steps/3")
    unreviewed = start_attempt(client, "rope")
    abandon(client, unreviewed)

    rows = rows_of(client, "/keep/splits.csv")

    assert {row["attempt"] for row in rows} == {attempt}
    assert [(row["step"], row["reached"], row["split_ms"], row["said_by"]) for row in rows] == [
        ("1", "yes", "2000", "writer"),
        ("2", "yes", "1000", "checker"),
        ("3", "no", "", "writer"),
        ("4", "no", "", "checker"),
        ("5", "no", "", "checker"),
    ]
    assert rows[0]["split"] == "0:00:02"
    assert (rows[0]["step_title"], rows[0]["must"], rows[4]["must"]) == ("Gradient", "yes", "no")


def test_the_tables_leave_out_what_is_attempted(client: TestClient, now: Now) -> None:
    done(client, now, note="The transpose.")
    other = done(client, now, "rope")
    start_attempt(client, "ols-ridge")

    for path in ("/keep/attempts.csv", "/keep/splits.csv"):
        assert {row["attempt"] for row in rows_of(client, path)} == {other}


def test_tables_of_nothing_have_their_columns(client: TestClient) -> None:
    for path in ("/keep/attempts.csv", "/keep/splits.csv"):
        assert rows_of(client, path) == []
        assert client.get(path).content.startswith(b"\xef\xbb\xbfattempt,derivation,")


# --- the plan ---------------------------------------------------------------------------------


def entries_of(client: TestClient) -> dict[str, str]:
    """The entries of the calendar with their days."""
    response = client.get("/keep/plan.ics")
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    text = response.text.replace("\r\n ", "")
    uids = re.findall(r"^UID:(.*)\r$", text, re.M)
    return dict(zip(uids, re.findall(r"^DTSTART;VALUE=DATE:(\d+)\r$", text, re.M), strict=True))


def test_the_calendar_has_the_next_eight_days(client: TestClient) -> None:
    entries = entries_of(client)

    assert list(entries.values()) == [f"202510{day:02}" for day in range(9, 17)]
    assert next(iter(entries)) == "plan-0-mlp-backprop@coldboard"
    assert "URL:http://127.0.0.1/d/mlp-backprop/try\r\n" in client.get("/keep/plan.ics").text


def test_a_missed_day_moves_its_entry_and_a_done_one_leaves_it(
    client: TestClient, now: Now
) -> None:
    first, second, *_ = entries_of(client)

    now.advance(DAY)
    assert entries_of(client)[first] == "20251010"

    done(client, now, "mlp-backprop")
    assert first not in entries_of(client)
    assert entries_of(client)[second] == "20251011"


# --- deletion ---------------------------------------------------------------------------------


@pytest.fixture
def deleted(client: TestClient, now: Now) -> str:
    """An attempt that can still be brought back."""
    attempt = done(client, now, note="Gone, really.")
    client.delete(f"/a/{attempt}")
    return attempt


def traces(app: FastAPI, text: str) -> bool:
    """Whether the text is anywhere in the files of the database."""
    place = app.state.engine.url.database
    return any(text.encode() in Path(place + end).read_bytes() for end in ("", "-wal"))


def test_a_deleted_attempt_waits_and_can_be_brought_back(client: TestClient, deleted: str) -> None:
    page = client.get("/keep").text
    assert f'hx-post="/a/{deleted}/restoration"' in page
    assert "gone for good 08 Nov 2025" in text_of(page)

    client.post(f"/a/{deleted}/restoration")

    assert client.get(f"/a/{deleted}").status_code == 200
    assert deleted not in client.get("/keep").text


def test_deleted_for_good_it_is_really_gone(app: FastAPI, client: TestClient, deleted: str) -> None:
    assert traces(app, "Gone, really.")

    response = client.delete(f"/keep/deleted/attempts/{deleted}", headers=HTMX)

    assert text_of(response.text) == "Gone for good."
    assert client.post(f"/a/{deleted}/restoration").status_code == 404
    assert deleted not in client.get("/keep").text
    assert not traces(app, "Gone, really.")
    assert not traces(app, deleted)


def test_a_derivation_of_my_own_is_deleted_for_good_as_well(
    app: FastAPI, client: TestClient
) -> None:
    write_own(client)
    client.delete("/write/half-square")
    assert "half-square" in client.get("/keep").text

    assert client.delete("/keep/deleted/derivations/half-square").status_code == 200

    assert not traces(app, "half-square")
    assert client.post("/write/half-square/restoration").status_code == 404
    assert client.get("/write/half-square").status_code == 404


def test_only_what_is_deleted_is_deleted_for_good(client: TestClient, now: Now) -> None:
    attempt = done(client, now)
    write_own(client)

    assert client.delete(f"/keep/deleted/attempts/{attempt}").status_code == 404
    assert client.delete("/keep/deleted/derivations/half-square").status_code == 404
    assert client.delete("/keep/deleted/attempts/nobody").status_code == 404

    assert client.get(f"/a/{attempt}").status_code == 200
    assert client.get("/d/half-square").status_code == 200


def test_everything_is_deleted(app: FastAPI, client: TestClient, now: Now, deleted: str) -> None:
    done(client, now, note="Mine alone.")
    rate_a_card(client)
    write_own(client)

    response = client.post("/keep/deletion", data={"confirmation": " Delete  everything "})

    assert response.status_code == 200
    assert response.headers["Clear-Site-Data"] == '"storage"'
    assert "0 attempts, 0 card ratings, 0 derivations" in text_of(client.get("/keep").text)
    assert client.get("/d/half-square").status_code == 404
    assert client.post(f"/a/{deleted}/restoration").status_code == 404
    for trace in ("Mine alone.", "Gone, really.", "half-square", deleted):
        assert not traces(app, trace)
    # And it goes on from there.
    done(client, now)


@pytest.mark.parametrize("said", [None, "", "delete", "yes", "delete everything!"])
def test_without_the_two_words_nothing_is_deleted(
    client: TestClient, now: Now, said: str | None
) -> None:
    done(client, now)
    before = taken_out(client)

    response = client.post("/keep/deletion", data={"confirmation": said} if said else None)

    assert response.status_code == 422
    assert "Nothing was deleted" in response.text
    assert taken_out(client) == before


def test_nothing_is_deleted_while_an_attempt_runs(client: TestClient, now: Now) -> None:
    done(client, now, "rope")
    before = taken_out(client)
    running = start_attempt(client)

    assert 'name="confirmation"' not in client.get("/keep/deletion").text
    assert f"/a/{running}" in client.get("/keep/deletion").text
    response = client.post("/keep/deletion", data={"confirmation": "delete everything"})

    assert response.status_code == 409
    with tab(client, running) as page:
        page.send(ink(), end(0))
        assert page.hear("ack")["refused"] == []
    assert names_in(before)[0] in names_in(taken_out(client))


def test_after_thirty_days_it_is_gone_by_itself(database_url: str, now: Now) -> None:
    def app() -> FastAPI:
        return create_app(Settings(database_url=database_url), now=now)

    with visitor(app()) as client:
        attempt = done(client, now)
        client.delete(f"/a/{attempt}")
    now.advance(30 * DAY - 1)
    with visitor(app()) as client:
        assert attempt in client.get("/keep").text
    now.advance(1)
    with visitor(app()) as client:
        assert client.get("/healthz").status_code == 200
        assert attempt not in client.get("/keep").text
