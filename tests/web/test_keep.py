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
from app.practice.archive.parts import OwnDerivation
from app.practice.archive.writer import ArchiveWriter
from app.practice.events import Event
from app.practice.snippets import USUAL, written
from app.settings import Settings
from app.web.keep import archive
from app.web.keep.page import MAX_ARCHIVE_BYTES
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
    for path in ("/history", "/settings"):
        assert client.get(path).text.count('href="/keep"') == 2
    assert 'href="/keep"' in client.get("/study").text


def test_everything_arrives_elsewhere_as_it_was(
    client: TestClient, elsewhere: TestClient, now: Now
) -> None:
    attempt = done(client, now, note="ŷ first.")
    rate_a_card(client)
    write_own(client)
    pass_a_rung(client)
    choose(client, theme="dark", zone="Asia/Tokyo", clock="on")
    file = taken_out(client)

    said = bring_in(elsewhere, file)

    assert "1 new attempt" in said
    assert "1 new answer on the step ladder" in said
    assert "2 settings, changed later there than here" in said
    assert "1 new card rating" in said
    assert "half-square is new among your own derivations" in said
    assert taken_out(elsewhere) == file
    assert text_of(elsewhere.get("/history").text) == text_of(client.get("/history").text)
    review = f"/a/{attempt}"
    assert text_of(elsewhere.get(review).text) == text_of(client.get(review).text)
    assert elsewhere.get("/d/half-square").status_code == 200
    for path in ("/drill", "/settings", "/d/ols/ladder"):
        assert text_of(elsewhere.get(path).text) == text_of(client.get(path).text)


def test_settings_that_came_in_are_those_of_the_page_that_says_so(
    client: TestClient, elsewhere: TestClient
) -> None:
    choose(client, theme="dark")

    response = elsewhere.post("/keep/import", files={"file": ("x.zip", taken_out(client))})

    assert 'data-theme="dark"' in response.text


def test_an_old_file_undoes_no_newer_setting(client: TestClient, now: Now) -> None:
    choose(client, theme="dark", clock="on")
    old = taken_out(client)
    now.advance(MINUTE)
    choose(client, theme="light", clock="on")

    said = bring_in(client, old)

    assert "Nothing new" in said
    assert 'data-theme="light"' in client.get("/").text


def test_an_attempt_on_what_nobody_knows_is_kept_under_its_id(
    client: TestClient, elsewhere: TestClient, now: Now
) -> None:
    write_own(client)
    attempt = done(client, now, "half-square")
    client.delete("/write/half-square")

    bring_in(elsewhere, taken_out(client))

    assert "half-square" in text_of(elsewhere.get("/history").text)
    assert elsewhere.get(f"/a/{attempt}").status_code == 200


def test_the_page_says_how_much_there_is(client: TestClient, now: Now) -> None:
    done(client, now)
    rate_a_card(client)

    said = text_of(client.get("/keep").text)

    assert "One zip with 1 attempt and 1 card rating in it." in said
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
    writer.add_rungs([])
    writer.add_settings({})
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


def test_an_older_version_of_what_is_attempted_stays_in_and_closed(
    client: TestClient, elsewhere: TestClient, now: Now
) -> None:
    write_own(client)
    now.advance(MINUTE)
    write_own(elsewhere, MINE.replace("Derivative of a square", "A square"))
    bring_in(client, taken_out(elsewhere))
    older = next(
        name.removeprefix("derivations/").removesuffix(".toml")
        for name in names_in(taken_out(client))
        if name.startswith("derivations/half-square-")
    )
    assert client.get(f"/d/{older}").status_code == 200

    for attempted in ("half-square", older):
        running = start_attempt(client, attempted)
        assert not [name for name in names_in(taken_out(client)) if "half-square" in name]
        for one in ("half-square", older):
            for path in (f"/d/{one}", f"/write/{one}/file.toml"):
                assert client.get(path).status_code == 403
        abandon(client, running)


def test_answers_on_the_ladder_of_what_is_attempted_stay_in(client: TestClient) -> None:
    pass_a_rung(client)
    pass_a_rung(client, "rope")
    start_attempt(client, "ols")

    with zipfile.ZipFile(io.BytesIO(taken_out(client))) as file:
        rungs = file.read("rungs.ndjson").decode()

    assert "rope" in rungs
    assert "ols" not in rungs


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
    assert "One zip with nothing in it." in said

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
    monkeypatch.setattr(archive, "open_archive", lambda _: pytest.fail("it was read"))
    size = {"Content-Length": str(MAX_ARCHIVE_BYTES + 1), "Content-Type": "x/y"}

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
        "limit_hms": "0:05:00",
        "limit_ms": "300000",
        "ended_after_hms": "0:00:30",
        "ended_after_ms": "30000",
        "end": "done",
        "steps_reached": "3",
        "steps": "4",
        "clean": "no",
        "time_hms": "0:00:30",
        "time_ms": "30000",
        "note": '\'=HYPERLINK("http://evil.example")\n"ŷ", then',
    }
    assert (newest["attempt"], newest["limit_hms"], newest["limit_ms"]) == (abandoned, "", "")
    assert (newest["steps_reached"], newest["clean"]) == ("", "")
    assert (newest["ended_after_hms"], newest["ended_after_ms"]) == ("0:02:00", "120500")


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
    assert rows[0]["split_hms"] == "0:00:02"
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
    pass_a_rung(client)
    choose(client, theme="dark", clock="on")

    response = client.post("/keep/deletion", data={"confirmation": " Delete  everything "})

    assert response.status_code == 200
    said = text_of(response.text)
    assert "Gone for good: 1 attempt, 1 card rating, 1 answer on the step ladder" in said
    assert "1 derivation of your own and 1 changed setting, and 1 thing that could still" in said
    assert "data-theme" not in response.text
    assert response.headers["Clear-Site-Data"] == '"storage"'
    assert "One zip with nothing in it." in text_of(client.get("/keep").text)
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
