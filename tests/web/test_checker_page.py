"""The page about the checker: examples with what the checker says of them right now."""

import re
import shutil
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.library.examples import load_examples
from app.library.models import Library
from app.main import create_app
from app.settings import ROOT, Settings
from tests.helpers import Now
from tests.web.helpers import abandon, start_attempt, text_of, visitor

TOPICS = load_examples(ROOT / "content")
EXAMPLES = [example for topic in TOPICS for example in topic.examples]
LINES = [line for example in EXAMPLES for line in example.lines]
VERDICTS = [verdict for example in EXAMPLES for verdict in example.verdicts]


def found_on(page: str) -> list[tuple[str, str]]:
    """Verdict and line of each finding."""
    return [
        (verdict, unescape(line))
        for verdict, line in re.findall(
            r'class="finding" data-verdict="(\w+)">.*?data-line="([^"]*)"', page, re.DOTALL
        )
    ]


def test_every_example_is_shown_with_the_verdict_that_it_is_an_example_of(
    client: TestClient,
) -> None:
    page = client.get("/checker").text

    assert found_on(page) == list(zip(VERDICTS, LINES, strict=True))
    for topic in TOPICS:
        assert f'id="{topic.id}"' in page
        assert f'href="#{topic.id}"' in page
        for row in topic.spellings:
            assert all(way in unescape(page) for way in row.ways)


def test_findings_say_what_the_checker_says(client: TestClient) -> None:
    page = text_of(client.get("/checker").text)

    assert "Holds at the optimum. step 2" in page
    assert "slip: factor-two" in page
    assert "Defines r." in page
    assert "Unclear. The givens have no name" in page


def test_the_checker_is_asked_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get("/checker").text
    monkeypatch.delattr("app.web.checker_page.checker_of")

    assert client.get("/checker").text == first


@pytest.mark.parametrize("mode", ["cold", "guided"])
def test_examples_of_a_running_derivation_stay_closed(client: TestClient, mode: str) -> None:
    attempt = start_attempt(client, "ols", mode=mode)
    own = [line for one in EXAMPLES if one.derivation == "ols" for line in one.lines]
    others = [line for one in EXAMPLES if one.derivation != "ols" for line in one.lines]
    closed = sum(topic.derivations.count("ols") for topic in TOPICS)
    assert own
    assert others

    page = client.get("/checker").text

    assert [line for _, line in found_on(page)] == others
    assert r"\hat{\mathbf{w}}" not in page
    counts = re.findall(r"(\d+) rows? stays? closed", text_of(page))
    assert sum(int(count) for count in counts) == closed
    abandon(client, attempt)
    assert [line for _, line in found_on(client.get("/checker").text)] == LINES


def test_a_running_derivation_cannot_be_chosen_in_the_box(
    client: TestClient, library: Library
) -> None:
    free = client.get("/checker").text
    start_attempt(client, "ols")
    sealed = client.get("/checker").text

    assert free.count("<option") == len(library.derivations)
    # The variants are not even named: their givens may say what is asked for.
    assert sealed.count("<option") == free.count("<option") - len(library.variants_of("ols"))
    assert "disabled" not in free
    assert re.findall(r'<option value="([\w-]+)" disabled', sealed) == ["ols"]
    assert "attempt running" in sealed
    assert "cannot be chosen here" in text_of(sealed)
    assert "cannot be chosen here" not in text_of(free)


def test_the_givens_of_every_derivation_are_there_to_be_looked_up(
    client: TestClient, library: Library
) -> None:
    page = unescape(client.get("/checker").text)

    for derivation in library.derivations.values():
        for given in derivation.question.givens:
            assert given.tex in page


def test_every_page_leads_there_but_not_the_page_of_a_running_attempt(client: TestClient) -> None:
    link = 'href="/checker"'
    for path in ("/", "/history", "/gotchas", "/d/ols/try", "/nowhere"):
        assert link in client.get(path).text, path
    attempt = start_attempt(client, "ols")
    assert link not in client.get(f"/a/{attempt}").text
    abandon(client, attempt)
    assert link in client.get(f"/a/{attempt}").text


@pytest.mark.parametrize("examples", [None, "topics = 3", "[[topics]]\nid = 'a'\n"])
def test_without_examples_the_page_is_there(
    tmp_path: Path, database_url: str, now: Now, examples: str | None
) -> None:
    if examples is not None:
        (tmp_path / "checker-examples.toml").write_text(examples)
    settings = Settings(database_url=database_url, content_folder=tmp_path)
    with visitor(create_app(settings, now=now)) as client:
        page = client.get("/checker")

    assert page.status_code == 200
    assert "How it decides" in page.text
    assert "No examples could be read" in page.text


def test_examples_of_a_derivation_that_is_gone_are_left_out(
    tmp_path: Path, database_url: str, now: Now
) -> None:
    (tmp_path / "derivations").mkdir()
    shutil.copytree(ROOT / "content" / "pictures", tmp_path / "pictures")
    for path in ("derivations/rope.toml", "checker-examples.toml"):
        (tmp_path / path).write_text((ROOT / "content" / path).read_text(encoding="utf-8"))
    settings = Settings(database_url=database_url, content_folder=tmp_path)
    with visitor(create_app(settings, now=now)) as client:
        page = client.get("/checker")

    expected = [line for one in EXAMPLES if one.derivation == "rope" for line in one.lines]
    assert page.status_code == 200
    assert [line for _, line in found_on(page.text)] == expected
    assert r"\cos(m\theta)" in page.text
    assert r"X^\intercal" not in page.text
