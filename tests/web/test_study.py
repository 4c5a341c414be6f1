"""Reading: the library, a derivation step by step, a sheet, and search."""

import re
from html import escape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.library.models import Library
from app.library.verifying.texts import texts_of
from app.main import create_app
from app.settings import Settings
from tests.helpers import Now
from tests.library.helpers import HALF_SQUARE, write_derivation
from tests.web.helpers import MINE, abandon, plain, start_attempt, text_of, visitor

RIDGE = "The penalty is added to the loss"


def hits(client: TestClient, query: str) -> str:
    response = client.get("/study", params={"q": query})
    assert response.status_code == 200
    return response.text


def test_every_derivation_stands_on_the_shelf(client: TestClient, library: Library) -> None:
    page = client.get("/study").text

    for one in library.originals:
        assert f'<a href="/d/{one.question.id}">{one.question.title}</a>' in page
        assert f'href="/d/{one.question.id}/sheet"' in page
        for variant in library.variants_of(one.question.id):
            assert f'<a href="/d/{variant.question.id}">{variant.question.title}</a>' in page
    assert "yours" not in page


@pytest.mark.parametrize("name", ["ols", "ols-ridge", "ols-normal-equations"])
def test_a_derivation_is_there_to_be_read_in_whole(
    client: TestClient, library: Library, name: str
) -> None:
    derivation = library[name]

    page = client.get(f"/d/{name}")

    assert page.status_code == 200
    for step in derivation.steps:
        assert f'id="step-{step.number}"' in page.text
        assert step.title in page.text
    for slip in derivation.slips:
        assert f'id="slip-{slip.id}"' in page.text
    assert page.text.count("load-bearing</span>") == sum(s.load_bearing for s in derivation.steps)
    assert page.text.count("Say it aloud</span>") == sum(bool(s.say) for s in derivation.steps)
    assert page.text.count('class="picture"') == len(derivation.pictures)
    for picture in derivation.pictures:
        assert f'aria-label="{escape(picture.alt)}"' in page.text


def test_all_that_is_written_can_be_read_but_the_hints(
    client: TestClient, library: Library
) -> None:
    """Hints are for an attempt, names of contexts for the checker; what is to be seen in a picture
    is read aloud."""
    elsewhere = re.compile(r"hints|contexts|pictures\[\d+\]\.alt")

    for derivation in library.originals:
        page = text_of(client.get(f"/d/{derivation.question.id}").text)
        unread = [
            field
            for field, prose in texts_of(derivation)
            if not elsewhere.match(field) and plain(prose) not in page
        ]
        assert unread == [], derivation.question.id
        for item in derivation.reading:
            parts = (item.title, item.author, str(item.year or ""), item.folder)
            assert all(plain(part) in page for part in filter(None, parts)), item.title


def test_a_variant_leads_back_to_its_derivation(client: TestClient) -> None:
    page = client.get("/d/ols-ridge").text

    assert "harder variant of" in text_of(page)
    assert '<a href="/d/ols">Ordinary least squares</a>' in page
    assert 'id="variants"' not in page
    assert "variant of" not in text_of(client.get("/d/ols").text)


def test_a_derivation_leads_to_its_variants(client: TestClient) -> None:
    page = client.get("/d/ols").text

    assert '<a href="/d/ols-ridge">Ridge regression</a>' in page


def test_the_rows_of_the_table_stand_with_the_gotchas_of_the_whole_family(
    client: TestClient, library: Library
) -> None:
    rows = [row for row in library.gotchas if row.derivation == "mlp-backprop"]
    family = library.family_of("mlp-backprop")
    assert len(rows) > 0
    assert len(family) > 1

    for name in family:
        page = client.get(f"/d/{name}").text
        questions = len(rows) + len(library[name].gotchas) + len(library[name].followups)
        assert page.count('<details class="gotcha">') == questions


@pytest.mark.parametrize("name", ["ols", "ols-ridge", "em-gmm"])
def test_the_sheet_has_the_steps_and_no_follow_ups(
    client: TestClient, library: Library, name: str
) -> None:
    derivation = library[name]
    rows = [row for row in library.gotchas if row.derivation == name]
    texts = [derivation.question.prompt]
    texts += [text for one in (*rows, *derivation.gotchas) for text in (one.question, one.right)]
    formulas = [given.tex for given in derivation.question.givens]
    formulas += [slip.wrong for slip in derivation.slips]

    sheet = text_of(client.get(f"/d/{name}/sheet").text)

    for step in derivation.steps:
        assert f"{step.number} {step.title}" in sheet
        texts.append(step.explanation)
        formulas.append(step.formula)
    assert [text for text in texts if plain(text) not in sheet] == []
    assert [tex for tex in formulas if " ".join(tex.split()) not in sheet] == []
    assert "Follow-up" not in sheet


@pytest.mark.parametrize("url", ["/d/alchemy", "/d/alchemy/sheet", "/d/alchemy/nothing", "/d/"])
def test_what_is_not_in_the_library_is_not_here(client: TestClient, url: str) -> None:
    response = client.get(url)

    assert response.status_code == 404
    assert "<h1>Not here</h1>" in response.text


# --- search --------------------------------------------------------------------------------------


def test_a_passage_is_found_and_linked_where_it_stands(client: TestClient) -> None:
    page = hits(client, "projection-flipped")
    found = hits(client, "normal equations")

    assert "Nothing has all of these words." in text_of(page)
    assert 'href="/d/ols#step-2"' in found
    assert "passages for “normal equations”" in text_of(found)


def test_one_passage_is_not_several(client: TestClient) -> None:
    assert f"1 passage for “{RIDGE}”" in text_of(hits(client, RIDGE))


def test_a_formula_is_found(client: TestClient) -> None:
    assert 'href="/d/ols#step-2"' in hits(client, r"X^\top X w=X^\top y")


@pytest.mark.parametrize("query", ["", "   "])
def test_without_a_word_there_is_the_whole_shelf(client: TestClient, query: str) -> None:
    assert 'class="shelf"' in hits(client, query)


@pytest.mark.parametrize(
    "query",
    [
        "<script>alert(1)</script>",
        '"><b>x</b>',
        "' OR 1=1 --",
        "{{ 7 * 7 }}",
        "%00",
        "\0",
        "$",
        "$x",
        "\\",
        "(" * 200,
        "[a-",
        "é" * 200,
        "a " * 100,
    ],
)
def test_a_hostile_query_is_only_words(client: TestClient, query: str) -> None:
    page = hits(client, query)

    assert "<script>alert" not in page
    assert "<b>" not in page
    assert "49" not in text_of(page).partition("“")[2].partition("”")[0]


def test_too_long_a_query_does_not_fit(client: TestClient) -> None:
    response = client.get("/study", params={"q": "a" * 201})

    assert response.status_code == 422
    assert "<h1>That does not fit</h1>" in response.text


# --- while an attempt runs -----------------------------------------------------------------------


@pytest.mark.parametrize("attempted", ["ols", "ols-ridge"])
def test_a_whole_family_is_closed_until_the_end(client: TestClient, attempted: str) -> None:
    attempt = start_attempt(client, attempted)

    for name in ("ols", "ols-ridge", "ols-normal-equations"):
        for url in (f"/d/{name}", f"/d/{name}/sheet"):
            response = client.get(url)
            assert response.status_code == 403
            assert f'href="/a/{attempt}"' in response.text
    assert client.get("/d/rope").status_code == 200

    abandon(client, attempt)
    assert client.get("/d/ols-ridge").status_code == 200


def test_the_shelf_names_what_is_closed_without_a_link(client: TestClient) -> None:
    attempt = start_attempt(client, "ols-ridge")

    page = client.get("/study").text

    assert 'href="/d/ols' not in page
    assert "Ordinary least squares" in page
    assert f'Closed while <a href="/a/{attempt}">' in page
    assert 'href="/d/rope"' in page


def test_what_is_closed_is_not_found(client: TestClient) -> None:
    start_attempt(client, "ols")

    page = hits(client, RIDGE)

    assert "0 passages" in text_of(page)
    assert "is left out until the attempt has ended" in text_of(page)
    assert 'href="/d/ols' not in hits(client, "least squares")


def test_a_folder_of_ones_own_is_there_beside_what_is_shipped(
    database_url: str, now: Now, tmp_path: Path
) -> None:
    shipped, own = tmp_path / "content", tmp_path / "mine"
    write_derivation(shipped, "half-square.toml", HALF_SQUARE)
    write_derivation(own, "mine.toml", MINE.replace("'half-square'", "'mine'"))
    settings = Settings(database_url=database_url, content_folder=shipped, own_folder=own)

    with visitor(create_app(settings, now=now)) as client:
        page = client.get("/study").text
        attempt = start_attempt(client, "mine")

        assert ('href="/d/half-square"' in page, 'href="/d/mine"' in page) == (True, True)
        assert client.get("/d/mine").status_code == 403
        abandon(client, attempt)
        assert client.get("/d/mine").status_code == 200


def test_an_empty_library_says_what_to_do(database_url: str, now: Now, tmp_path: Path) -> None:
    settings = Settings(database_url=database_url, content_folder=tmp_path)
    with visitor(create_app(settings, now=now)) as client:
        assert "No derivation could be read." in text_of(client.get("/study").text)
        assert "Nothing has all of these words." in text_of(hits(client, "loss"))
