"""Content files are brought in and taken out."""

import pytest
from starlette.testclient import TestClient

from app.library.reading import MAX_FILE_BYTES
from tests.web.helpers import MINE, text_of
from tests.web.write.helpers import bring, bring_file, file_of, pasted, problems, saved


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
