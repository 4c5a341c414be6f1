"""A derivation of one's own is saved."""

import json
import re
import tomllib
from html import unescape

import pytest
from starlette.testclient import TestClient

from tests.library.helpers import VARIANT
from tests.web.helpers import text_of
from tests.web.write.helpers import draft, file_of, save, saved


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
