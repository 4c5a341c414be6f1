"""A draft is looked over while it is written."""

from starlette.testclient import TestClient

from tests.web.helpers import text_of
from tests.web.write.helpers import draft, look_over


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
