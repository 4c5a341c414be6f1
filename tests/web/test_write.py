"""Writing a derivation of one's own."""

import json
import re
import tomllib
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.library.reading import MAX_FILE_BYTES
from app.main import MAX_BODY_BYTES, create_app
from app.settings import Settings
from app.storage.own import save_own
from tests.helpers import MINUTE, NOON, Now, line
from tests.library.helpers import VARIANT
from tests.web.helpers import HTMX, MINE, abandon, end_attempt, start_attempt, text_of, visitor


def draft(**changes: Any) -> dict[str, Any]:
    return {**tomllib.loads(MINE), **changes}


def look_over(client: TestClient, **changes: Any) -> dict[str, Any]:
    response = client.post("/write/draft", json=draft(**changes))
    assert response.status_code == 200, response.text
    report: dict[str, Any] = response.json()
    return report


def save(client: TestClient, at: str = "new", **changes: Any) -> Response:
    return client.put(f"/write/{at}", json=draft(**changes))


def saved(client: TestClient, at: str = "new", **changes: Any) -> str:
    """The id of a derivation that was saved."""
    response = save(client, at, **changes)
    assert response.status_code == 200, response.text
    derivation_id: str = response.json()["id"]
    return derivation_id


def bring(client: TestClient, source: str = MINE) -> Response:
    return client.post("/write/import", data={"text": source})


def bring_file(client: TestClient, data: bytes, name: str = "half-square.toml") -> Response:
    return client.post("/write/import", files={"file": (name, data)})


def file_of(client: TestClient, derivation_id: str = "half-square") -> str:
    response = client.get(f"/write/{derivation_id}/file.toml")
    assert response.status_code == 200
    return response.text


def pasted(page: str) -> str:
    found = re.search(r'<textarea name="text"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found
    return unescape(found[1])


def problems(page: str) -> list[str]:
    listed = page.partition('<ul class="problems">')[2].partition("</ul>")[0]
    return [text_of(item) for item in re.findall(r"<li>(.*?)</li>", listed, re.DOTALL)]


# --- the draft -----------------------------------------------------------------------------------


def test_a_new_draft_is_empty(client: TestClient) -> None:
    page = client.get("/write/new")

    assert page.status_code == 200
    assert "data-draft='{}'" in page.text
    assert 'data-saved-id=""' in page.text


def test_a_draft_in_which_nothing_is_wrong(client: TestClient) -> None:
    assert look_over(client) == {"problems": [], "judged": True}


def test_what_is_wrong_with_a_draft_is_said_and_nothing_is_kept(client: TestClient) -> None:
    wrong = [dict(draft()["steps"][1], formula=r"\nabla_w \mathcal{L} = y - w")]

    report = look_over(client, steps=wrong, title="", slips=[])

    assert [problem.partition(" ")[0] for problem in report["problems"]] == [
        "title",
        "steps[1].formula",
    ]
    assert report["judged"]
    assert "None yet." in text_of(client.get("/write").text)


def test_an_empty_draft_is_looked_over_too(client: TestClient) -> None:
    response = client.post("/write/draft", json={})

    assert response.status_code == 200
    assert response.json()["judged"] is False


# --- saving --------------------------------------------------------------------------------------


def test_a_saved_derivation_is_everywhere(client: TestClient) -> None:
    assert saved(client) == "half-square"

    assert client.get("/d/half-square").status_code == 200
    assert "Derivative of a square" in client.get("/").text
    assert '<span class="tag">yours</span>' in client.get("/study").text
    assert 'href="/write/half-square"' in client.get("/write").text
    assert "Derivative of a square" in client.get("/drill").text
    assert "Derivative of a square" in client.get("/study", params={"q": "square"}).text
    lines = {"derivation": "half-square", "lines": [r"\nabla_w \mathcal{L} = w - y"]}
    assert client.post("/api/check", json=lines).json()[0]["steps"] == [2]


def test_it_can_be_gone_on_with(client: TestClient) -> None:
    saved(client, title='It\'s <b>a</b> "square"')

    page = client.get("/write/half-square").text

    found = re.search(r"data-draft='([^']*)'", page)
    assert found
    kept = json.loads(unescape(found[1]))
    assert kept["title"] == 'It\'s <b>a</b> "square"'
    assert kept["steps"] == draft()["steps"]
    assert 'data-saved-id="half-square"' in page
    assert "<b>" not in page


def test_saving_again_replaces_it(client: TestClient) -> None:
    saved(client)

    saved(client, "half-square", title="A square")

    assert "<h1>A square</h1>" in client.get("/d/half-square").text
    assert client.get("/write").text.count('class="own__row"') == 1


def test_a_variant_is_saved_with_it_and_may_stay(client: TestClient) -> None:
    variants = tomllib.loads(VARIANT.replace("2 (w - y)", "w - y"))["variants"]

    saved(client, variants=variants)
    saved(client, "half-square", variants=variants)

    assert client.get("/d/square").status_code == 200
    assert "harder variant of" in text_of(client.get("/d/square").text)


def test_an_unfinished_draft_is_not_saved(client: TestClient) -> None:
    response = save(client, prompt="")

    assert response.status_code == 422
    assert response.json()["error"].startswith("This cannot be saved yet: prompt is empty")
    assert client.get("/d/half-square").status_code == 404


def test_a_draft_that_the_checker_contradicts_is_not_saved(client: TestClient) -> None:
    slip = dict(draft()["slips"][0], wrong=r"\nabla_w \mathcal{L} = w - y")

    response = save(client, slips=[slip])

    assert response.status_code == 422
    assert "slips[1].wrong holds" in response.json()["error"]


def test_the_address_of_a_saved_derivation_stays(client: TestClient) -> None:
    saved(client)

    response = save(client, "half-square", id="other")

    assert response.status_code == 409
    assert client.get("/d/other").status_code == 404


@pytest.mark.parametrize("at", ["new", "same"])
@pytest.mark.parametrize("taken", ["ols", "ols-ridge", "new", "draft", "import"])
def test_an_id_that_is_taken_is_not_given_again(client: TestClient, taken: str, at: str) -> None:
    """Also not to one who names the address of what is shipped."""
    response = save(client, taken if at == "same" else "new", id=taken)

    assert response.status_code == 409
    assert taken in response.json()["error"]
    assert "None yet." in text_of(client.get("/write").text)


def test_an_id_of_ones_own_is_not_given_again_to_a_new_one(client: TestClient) -> None:
    saved(client)

    response = save(client, title="Another")

    assert response.status_code == 409
    assert "Another" not in client.get("/d/half-square").text


@pytest.mark.parametrize("taken", ["ols", "ols-ridge", "mine"])
def test_a_variant_may_not_take_an_id_either(client: TestClient, taken: str) -> None:
    saved(client, id="mine")
    variants = tomllib.loads(VARIANT.replace("2 (w - y)", "w - y"))["variants"]

    response = save(client, variants=[{**variants[0], "id": taken}])

    assert response.status_code == 409
    assert f"'{taken}'" in response.json()["error"]


@pytest.mark.parametrize(
    "title", ["''' = \"x\"", "\\", "# [[steps]]", "a\u2028b\0c", "é\U0001f9ee"]
)
def test_what_was_saved_is_read_again_to_the_letter(client: TestClient, title: str) -> None:
    saved(client, title=title, prompt=title)

    kept = tomllib.loads(file_of(client))

    assert (kept["title"], kept["prompt"]) == (" ".join(title.split()), " ".join(title.split()))
    assert client.get("/d/half-square").status_code == 200


# --- bodies that make no sense -------------------------------------------------------------------

BODIES = {
    "nothing": b"",
    "words": b"nonsense",
    "null": b"null",
    "number": b"7",
    "array": b"[]",
    "array of drafts": b"[{}]",
    "text": b'"id"',
    "bytes": b"\xff\xfe",
    "deep array": b"[" * 60_000,
    "deep object": b'{"a":' * 20_000,
    "deep value": b'{"a":' + b"[" * 60_000 + b"]" * 60_000 + b"}",
    "long number": b'{"minutes": ' + b"9" * 5_000 + b"}",
    "half": b'{"id": "x"',
}
STRANGE = {
    "half a character": rb'{"title": "\ud800", "\ud800": [], "prompt": "\udfff"}',
    "crowded half a character": b'{"\\ud800": [' + b"1," * 60 + b"1]}",
    "not a number": b'{"minutes": NaN, "hints": [Infinity]}',
    "a wide list": b'{"steps": [' + b"{}," * 30_000 + b"{}]}",
    "many fields": b"{" + b",".join(b'"k%d":1' % n for n in range(5_000)) + b"}",
    "a deep field": b'{"steps": ' + b"[" * 200 + b"]" * 200 + b"}",
    "null bytes": rb'{"title": "\u0000", "givens": [{"tex": "\u0000"}]}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize(("method", "url"), [("POST", "/write/draft"), ("PUT", "/write/new")])
def test_a_malformed_body_is_refused(
    client: TestClient, method: str, url: str, body: bytes
) -> None:
    headers = {"Content-Type": "application/json"}

    response = client.request(method, url, content=body, headers=headers)

    assert response.status_code == 422
    assert response.json()["error"]


@pytest.mark.parametrize("body", STRANGE.values(), ids=STRANGE)
def test_a_strange_draft_is_looked_over_and_not_saved(client: TestClient, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}

    looked_over = client.post("/write/draft", content=body, headers=headers)
    kept = client.put("/write/new", content=body, headers=headers)

    assert looked_over.status_code == 200
    assert looked_over.json()["problems"]
    assert kept.status_code == 422


@pytest.mark.parametrize(("method", "url"), [("POST", "/write/draft"), ("PUT", "/write/new")])
def test_a_huge_body_is_refused(client: TestClient, method: str, url: str) -> None:
    response = client.request(method, url, json={"title": "x" * MAX_BODY_BYTES})

    assert response.status_code == 413


def test_a_form_on_another_site_cannot_send_a_draft(client: TestClient) -> None:
    headers = {"Content-Type": "text/plain"}

    response = client.post("/write/draft", content=json.dumps(draft()), headers=headers)

    assert response.status_code == 422


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["text", "file"])
def test_a_content_file_is_brought_in_and_taken_out_as_it_was(client: TestClient, way: str) -> None:
    source = f"# My own.\n{MINE}"

    response = bring(client, source) if way == "text" else bring_file(client, source.encode())

    assert response.status_code == 303
    assert response.headers["location"] == "/write/half-square"
    assert file_of(client) == source
    assert client.get("/d/half-square").status_code == 200


def test_a_file_has_a_name_and_a_kind(client: TestClient) -> None:
    saved(client)

    response = client.get("/write/half-square/file.toml")

    assert response.headers["content-disposition"] == 'attachment; filename="half-square.toml"'
    assert response.headers["content-type"].startswith("application/toml")


def test_what_was_written_can_be_brought_in_elsewhere(client: TestClient) -> None:
    saved(client)
    source = file_of(client)
    client.delete("/write/half-square")

    bring(client, source)

    assert file_of(client) == source


def test_a_text_of_a_form_has_other_line_ends(client: TestClient) -> None:
    bring(client, MINE.replace("\n", "\r\n"))

    assert file_of(client) == MINE


def test_a_file_from_a_windows_editor_is_brought_in(client: TestClient) -> None:
    response = bring_file(client, b"\xef\xbb\xbf" + MINE.replace("\n", "\r\n").encode())

    assert response.status_code == 303


def test_a_file_with_the_same_id_replaces_it(client: TestClient) -> None:
    bring(client)

    response = bring(client, MINE.replace("Derivative of a square", "A square"))

    assert response.status_code == 303
    assert "<h1>A square</h1>" in client.get("/d/half-square").text


def test_mistakes_are_listed_with_their_lines_and_the_text_stays(client: TestClient) -> None:
    source = MINE.replace("minutes = 4", "minuts = 4").replace("= w - y'", "= w + y'")

    response = bring(client, source)

    assert response.status_code == 422
    assert [problem.partition(": ")[0] for problem in problems(response.text)] == [
        f"line {MINE[: MINE.index('minutes')].count(chr(10)) + 1}",
        f"line {MINE[: MINE.index('= w - y')].count(chr(10)) + 1}",
    ]
    assert "2 things to put right first" in text_of(response.text)
    assert pasted(response.text).strip() == source.strip()
    assert client.get("/d/half-square").status_code == 404


def test_what_is_no_toml_is_said_with_its_place(client: TestClient) -> None:
    (problem,) = problems(bring(client, "id = 'x'\ntitle = ").text)

    assert problem.startswith("line 2, column 9: not TOML")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"id = '\xff'", "line 1: not UTF-8"),
        (b"", "id is missing"),
        (b"a = " + b"[" * 5_000, "not readable as TOML"),
        (b"a = 1" + b"0" * 5_000, "not readable as TOML"),
        (b"\0", "line 1, column 1: not TOML"),
        (b"givens = 2026-01-01", "givens has the wrong form"),
    ],
)
def test_a_file_that_cannot_be_used_is_not_taken(
    client: TestClient, data: bytes, said: str
) -> None:
    response = bring_file(client, data)

    assert response.status_code == 422
    assert any(said in problem for problem in problems(response.text))


def test_nothing_at_all_is_not_taken(client: TestClient) -> None:
    for response in (bring(client, ""), client.post("/write/import"), bring_file(client, b"", "")):
        assert response.status_code == 422


def test_too_large_a_file_is_refused(client: TestClient) -> None:
    assert bring_file(client, b"#" * MAX_FILE_BYTES).status_code == 413


@pytest.mark.parametrize("taken", ["ols", "ols-ridge", "import"])
def test_a_file_with_an_id_that_is_taken_is_not_taken_and_the_text_stays(
    client: TestClient, taken: str
) -> None:
    source = MINE.replace("'half-square'", f"'{taken}'")

    response = bring(client, source)

    assert response.status_code == 422
    assert f"'{taken}'" in problems(response.text)[0]
    assert pasted(response.text).strip() == source.strip()
    assert "None yet." in text_of(client.get("/write").text)


def test_what_is_pasted_is_shown_as_text(client: TestClient) -> None:
    page = bring(client, "</textarea><b>x</b>").text

    assert "<b>" not in page


# --- deleting ------------------------------------------------------------------------------------


def test_a_deleted_derivation_is_gone_and_undo_brings_it_back(client: TestClient) -> None:
    saved(client)
    attempt = start_attempt(client, "half-square")
    end_attempt(client, attempt)

    deleted = client.delete("/write/half-square", headers=HTMX)

    assert deleted.status_code == 200
    assert 'hx-post="/write/half-square/restoration"' in deleted.text
    for url in ("/d/half-square", "/write/half-square", "/write/half-square/file.toml"):
        assert client.get(url).status_code == 404
    assert client.delete("/write/half-square").status_code == 404
    assert client.get(f"/a/{attempt}").status_code == 200
    assert client.get("/history").status_code == 200

    undone = client.post("/write/half-square/restoration", headers=HTMX)

    assert (undone.status_code, undone.headers["HX-Refresh"]) == (204, "true")
    assert client.get("/d/half-square").status_code == 200
    assert client.post("/write/half-square/restoration").status_code == 303
    assert client.post("/write/nothing/restoration").status_code == 404


def test_undo_minds_the_ids_of_variants_too(client: TestClient) -> None:
    variants = tomllib.loads(VARIANT.replace("2 (w - y)", "w - y"))["variants"]
    saved(client, variants=variants)
    client.delete("/write/half-square")
    saved(client, id=variants[0]["id"])

    assert client.post("/write/half-square/restoration", headers=HTMX).status_code == 409


def test_a_derivation_does_not_come_back_where_its_id_was_given_away(client: TestClient) -> None:
    saved(client)
    client.delete("/write/half-square")
    variants = tomllib.loads(VARIANT.replace("2 (w - y)", "w - y"))["variants"]
    saved(client, id="other", variants=[{**variants[0], "id": "half-square"}])

    response = client.post("/write/half-square/restoration", headers=HTMX)

    assert response.status_code == 409
    assert "harder variant of" in text_of(client.get("/d/half-square").text)


@pytest.mark.parametrize("name", ["nothing", "ols", "ols-ridge"])
def test_what_one_has_not_written_is_not_here(client: TestClient, name: str) -> None:
    for url in (f"/write/{name}", f"/write/{name}/file.toml"):
        assert client.get(url).status_code == 404
    assert client.delete(f"/write/{name}").status_code == 404
    assert client.get("/d/ols").status_code == 200


def test_what_cannot_be_read_any_more_can_still_be_taken_out(
    client: TestClient, engine: Engine
) -> None:
    with Session(engine) as session:
        save_own(session, "old", "id = 'old'", NOON)
        session.commit()

    assert "cannot be read any more" in text_of(client.get("/write").text)
    page = client.get("/write/old")
    assert page.status_code == 409
    assert 'href="/write/old/file.toml"' in page.text
    assert file_of(client, "old") == "id = 'old'"
    assert client.get("/d/old").status_code == 404
    assert bring(client, MINE.replace("'half-square'", "'old'")).status_code == 303
    assert client.get("/d/old").status_code == 200


# --- attempts on it ------------------------------------------------------------------------------


@pytest.fixture
def restarted(database_url: str, now: Now) -> Iterator[TestClient]:
    """A browser on another start of the application, with the same database."""
    with visitor(create_app(Settings(database_url=database_url), now=now)) as client:
        yield client


def test_it_is_attempted_and_reviewed_like_any_other(client: TestClient, now: Now) -> None:
    saved(client)
    attempt = start_attempt(client, "half-square")
    now.advance(MINUTE)
    end_attempt(client, attempt, line(2_000, r"\nabla_w \mathcal{L} = w - y"), t=30_000)

    review = client.get(f"/a/{attempt}")

    assert review.status_code == 200
    assert "The sign turns it around." in review.text
    assert "Derivative of a square" in client.get("/history").text


def test_it_survives_a_restart(client: TestClient, restarted: TestClient) -> None:
    saved(client)
    attempt = start_attempt(client, "half-square")

    assert restarted.get("/d/half-square/try").status_code == 200
    assert restarted.get("/d/half-square").status_code == 403
    abandon(client, attempt)
    assert restarted.get("/d/half-square").status_code == 200
    assert "The sign turns it around." in restarted.get(f"/a/{attempt}").text


@pytest.mark.parametrize("attempted", ["half-square", "square"])
def test_it_is_closed_while_an_attempt_on_it_runs(client: TestClient, attempted: str) -> None:
    variants = tomllib.loads(VARIANT.replace("2 (w - y)", "w - y"))["variants"]
    saved(client, variants=variants)
    source = file_of(client)
    attempt = start_attempt(client, attempted, mode="guided")

    refused = [
        client.get("/write/half-square"),
        client.get("/write/half-square/file.toml"),
        client.get("/d/half-square"),
        client.get("/d/square/sheet"),
        client.delete("/write/half-square"),
        save(client, "half-square", title="Another"),
    ]

    for response in refused:
        assert response.status_code == 403, response.request.url
        assert "turns it around" not in response.text
    desk = client.get("/write").text
    assert f'closed while <a href="/a/{attempt}">' in desk
    assert 'href="/write/half-square' not in desk
    again = bring(client, source)
    assert again.status_code == 422
    assert "An attempt on this derivation is running." in problems(again.text)[0]
    abandon(client, attempt)
    assert file_of(client) == source


def test_drafts_are_written_while_a_guided_attempt_runs(client: TestClient) -> None:
    saved(client)
    start_attempt(client, "half-square", mode="guided")

    assert client.get("/write/new").status_code == 200
    assert look_over(client, id="other")["problems"] == []
    assert saved(client, id="other") == "other"


def test_no_draft_is_checked_while_a_cold_attempt_runs(client: TestClient) -> None:
    """Its lines could be typed into one of the same givens."""
    saved(client)
    source = file_of(client)
    attempt = start_attempt(client, "ols")

    refused = [
        client.post("/write/draft", json=draft(id="other")),
        save(client, "half-square", title="Another"),
    ]

    assert client.get("/write/new").status_code == 200
    for response in refused:
        assert response.status_code == 403
        assert response.json()["error"].startswith("A cold attempt is running: ")
    (problem,) = problems(bring(client, source).text)
    assert problem.startswith("A cold attempt is running: ")
    abandon(client, attempt)
    assert look_over(client)["problems"] == []


def test_a_derivation_that_another_process_saved_is_there(
    client: TestClient, restarted: TestClient
) -> None:
    saved(restarted)

    assert client.get("/d/half-square").status_code == 200
