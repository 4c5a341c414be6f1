"""Everything goes out as one file, and comes in from one."""

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.practice.archive.parts import OwnDerivation
from app.practice.archive.writer import ArchiveWriter
from app.settings import Settings
from app.web.keep import archive
from app.web.keep.page import MAX_ARCHIVE_BYTES
from tests.helpers import MINUTE, NOON, Now
from tests.web.helpers import MINE, abandon, start_attempt, text_of, visitor
from tests.web.keep.helpers import (
    choose,
    done,
    names_in,
    one_of_everything,
    pass_a_rung,
    rate_a_card,
    taken_out,
    write_own,
)


@pytest.fixture
def elsewhere(tmp_path_factory: pytest.TempPathFactory, now: Now) -> Iterator[TestClient]:
    """A browser on another device."""
    place = tmp_path_factory.mktemp("elsewhere") / "coldboard.sqlite3"
    with visitor(create_app(Settings(database_url=f"sqlite:///{place}"), now=now)) as client:
        yield client


def bring_in(client: TestClient, file: bytes, status: int = 200) -> str:
    """The sentences of the page that answers."""
    response = client.post("/keep/import", files={"file": ("coldboard.zip", file)})
    assert response.status_code == status, response.text
    return text_of(response.text)


def test_it_is_linked_from_the_history_and_below_every_page(client: TestClient) -> None:
    for path in ("/history", "/settings"):
        assert client.get(path).text.count('href="/keep"') == 2
    assert 'href="/keep"' in client.get("/study").text


def test_everything_arrives_elsewhere_as_it_was(
    client: TestClient, elsewhere: TestClient, now: Now
) -> None:
    chosen = {"theme": "dark", "zone": "Asia/Tokyo", "clock": "on"}
    attempt = one_of_everything(client, now, "ŷ first.", **chosen)
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
