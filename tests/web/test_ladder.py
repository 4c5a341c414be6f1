"""The rungs between reading a derivation and writing it cold."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.library.models import Derivation, Library, Step
from app.main import create_app
from app.practice.ladder import picked
from app.settings import Settings
from tests.helpers import MINUTE, Now
from tests.library.helpers import HALF_SQUARE, write_derivation
from tests.web.helpers import end_attempt, start_attempt, text_of, visitor

LADDER = "/d/ols/ladder"
SEED = 11


@pytest.fixture
def ols(library: Library) -> Derivation:
    return library["ols"]


def follow(client: TestClient, path: str, **form: object) -> tuple[str, str]:
    """The address to which an answer leads, and the page there."""
    response = client.post(path, data={"seed": str(SEED), **form})
    assert response.status_code == 303, response.text
    there = response.headers["location"]
    page = client.get(there)
    assert page.status_code == 200
    return there, page.text


def rows_of(page: str) -> list[str]:
    return re.findall(r'name="row" value="(\d+)"', page)


def formulas_of(page: str) -> list[str]:
    """The formulas of the rows, from the first to the last."""
    rows = page.partition("data-rows")[2]
    return [
        unescape(tex).strip()
        for tex in re.findall(r'<div class="tex" data-display>(.*?)</div>', rows, re.DOTALL)
    ]


def solved(client: TestClient, derivation: Derivation, numbers: list[str]) -> list[str]:
    """The rows of the exercise in this order of steps."""
    name = derivation.question.id
    page = client.get(f"/d/{name}/ladder/order?seed={SEED}").text
    places = dict(zip(formulas_of(page), rows_of(page), strict=True))
    steps = {step.number: step for step in derivation.steps}
    return [places[steps[number].formula] for number in numbers]


def state_of(client: TestClient, rung: str, path: str = LADDER) -> str:
    """What the ladder says of a rung."""
    page = text_of(client.get(path).text)
    found = re.search(
        rf"{rung}.*?(Not tried yet|Passed|Written clean|not passed yet|not clean yet)", page
    )
    assert found, page
    return found[1]


# --- the ladder ----------------------------------------------------------------------------------


def test_a_new_ladder_begins_with_its_first_rung(client: TestClient) -> None:
    page = client.get(LADDER).text

    assert text_of(page).count("Not tried yet") == 4
    current = page.partition('aria-current="step"')[2]
    assert "Put the steps in order" in current.partition("</h2>")[0]
    assert f'href="{LADDER}/order"' in page


@pytest.mark.parametrize("page", ["/d/ols", "/d/ols/try"])
def test_the_study_page_and_the_set_up_lead_to_it(client: TestClient, page: str) -> None:
    assert f'href="{LADDER}"' in client.get(page).text


@pytest.mark.parametrize("rung", ["order", "missing", "corrupted"])
def test_a_rung_without_a_seed_gets_one(client: TestClient, rung: str) -> None:
    response = client.get(f"{LADDER}/{rung}")

    assert response.status_code == 303
    there = response.headers["location"]
    assert re.fullmatch(rf"{LADDER}/{rung}\?seed=\d+", there)
    assert client.get(there).status_code == 200


@pytest.mark.parametrize("rung", ["order", "missing", "corrupted"])
def test_the_same_address_shows_the_same_and_another_one_is_linked(
    client: TestClient, rung: str
) -> None:
    address = f"{LADDER}/{rung}?seed={SEED}"

    page = client.get(address).text

    assert client.get(address).text == page
    following = f"{LADDER}/{rung}?seed={SEED + 1}"
    assert f'href="{following}"' in page
    assert client.get(following).text != page


@pytest.mark.parametrize("seed", ["-1", str(2**31), "x", "1.5", "9" * 50])
@pytest.mark.parametrize("rung", ["order", "missing", "corrupted"])
def test_a_seed_that_there_is_not_does_not_fit(client: TestClient, rung: str, seed: str) -> None:
    assert client.get(f"{LADDER}/{rung}?seed={seed}").status_code == 422


def test_every_rung_of_every_derivation_opens(client: TestClient, library: Library) -> None:
    for name in library.derivations:
        ladder = client.get(f"/d/{name}/ladder")
        assert ladder.status_code == 200
        for rung in re.findall(r'href="(/d/[a-z0-9-]+/ladder/\w+)"', ladder.text):
            assert client.get(f"{rung}?seed={SEED}").status_code == 200


def test_the_board_is_a_cold_attempt_and_knows_when_it_was_clean(
    client: TestClient, ols: Derivation, now: Now
) -> None:
    attempt = start_attempt(client, "ols", minutes="5")
    now.advance(MINUTE)
    end_attempt(client, attempt)
    assert state_of(client, "The blank board") == "not clean yet"

    for number in ols.must_steps:
        assert client.put(f"/a/{attempt}/steps/{number}", data={"split": "0"}).status_code == 200

    assert state_of(client, "The blank board") == "Written clean"
    assert state_of(client, "The blank board", "/d/ols-ridge/ladder") == "Not tried yet"


def test_a_guided_attempt_is_no_blank_board(client: TestClient) -> None:
    end_attempt(client, start_attempt(client, "ols", mode="guided"))

    assert state_of(client, "The blank board") == "Not tried yet"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("rung", ["", "/order", "/missing", "/corrupted"])
def test_it_is_closed_while_the_family_is_being_attempted(
    client: TestClient, rung: str, method: str
) -> None:
    if not rung and method == "POST":
        return
    start_attempt(client, "ols-ridge")
    form = {"seed": "1", "row": ["0", "1", "2", "3", "4"], "line": "x", "chosen": "1"}

    response = client.request(
        method, f"{LADDER}{rung}", data=form if method == "POST" else None, params={"seed": 1}
    )

    assert response.status_code == 403
    assert "running" in text_of(response.text)


def test_a_rung_that_makes_no_sense_is_not_there(client: TestClient) -> None:
    page = client.get("/d/svm-dual-stationarity/ladder").text

    assert "Put the steps in order" not in page
    assert "Fill in the missing step" in page
    response = client.get("/d/svm-dual-stationarity/ladder/order?seed=1")
    assert response.status_code == 404
    assert "nothing to put in order" in text_of(response.text)


def test_a_derivation_of_one_step_without_slips_has_one_to_fill_in(
    database_url: str, now: Now, tmp_path: Path
) -> None:
    one_step = re.sub(
        r"\[\[steps\]\]\nnumber = '1'.*?(?=\[\[steps\]\])", "", HALF_SQUARE, flags=re.S
    )
    without_slips = re.sub(r"\[\[slips\]\].*?(?=\[\[followups\]\])", "", one_step, flags=re.S)
    write_derivation(tmp_path, "half-square.toml", without_slips)
    app: FastAPI = create_app(Settings(database_url=database_url, content_folder=tmp_path), now)

    with visitor(app) as client:
        page = client.get("/d/half-square/ladder").text
        assert re.findall(r"/ladder/(\w+)", page) == ["missing"]
        assert client.get("/d/half-square/ladder/missing?seed=0").status_code == 200


# --- the order -----------------------------------------------------------------------------------


def test_the_order_is_not_to_be_read_from_the_page(client: TestClient, library: Library) -> None:
    """The rows count from 0 as they lie, and no number, star or note of a step is there."""
    for name in ("ols", "mlp-backprop"):
        steps = library[name].steps
        page = client.get(f"/d/{name}/ladder/order?seed={SEED}").text

        assert rows_of(page) == [str(n) for n in range(len(steps))]
        assert sorted(formulas_of(page)) == sorted(step.formula for step in steps)
        assert formulas_of(page) != [step.formula for step in steps]
        shown = page.partition("data-rows")[2].partition("</ol>")[0]
        assert "★" not in shown
        for step in steps:
            assert f">{step.number}<" not in shown
            assert f'"{step.number}a' not in shown
            assert step.explanation[:40] not in unescape(page)


@pytest.mark.parametrize("numbers", ["1 2 3 4 5", "1 2 3 5 4", "1 4 2 3 5", "1 2 4 3 5"])
def test_any_order_that_works_is_right(client: TestClient, ols: Derivation, numbers: str) -> None:
    _, page = follow(client, f"{LADDER}/order", row=solved(client, ols, numbers.split()))

    assert "In order." in page
    assert ("yours works as well" in page) == (numbers != "1 2 3 4 5")
    assert state_of(client, "Put the steps in order") == "Passed"


def test_a_wrong_order_says_what_stands_too_early_and_stays_as_it_lies(
    client: TestClient, ols: Derivation
) -> None:
    rows = solved(client, ols, ["1", "3", "2", "4", "5"])

    there, page = follow(client, f"{LADDER}/order", row=rows)

    assert "Not yet. 1 step stands before something that it needs." in text_of(page)
    assert page.count("too early</span>") == 1
    assert (
        "Closed form" in page.partition("too early</span>")[0].rpartition('class="line__title"')[2]
    )
    assert rows_of(page) == rows
    assert state_of(client, "Put the steps in order") == "not passed yet"
    assert client.get(there).text == page


def test_looking_at_the_order_is_no_pass(client: TestClient) -> None:
    _, page = follow(client, f"{LADDER}/order", row=["0", "1", "2", "3", "4"], show="1")

    assert "This is one order that works." in page
    assert state_of(client, "Put the steps in order") == "not passed yet"


def test_without_scripts_buttons_move_a_row_and_nothing_is_judged(client: TestClient) -> None:
    rows = ["0", "1", "2", "3", "4"]

    _, page = follow(client, f"{LADDER}/order", row=rows, move="2:up")
    assert rows_of(page) == ["0", "2", "1", "3", "4"]
    assert "Not yet" not in page
    _, page = follow(client, f"{LADDER}/order", row=rows_of(page), move="2:down")
    assert rows_of(page) == rows

    assert state_of(client, "Put the steps in order") == "Not tried yet"


@pytest.mark.parametrize(
    "form",
    [
        {"row": ["0", "1"]},
        {"row": ["0", "1", "2", "3", "3"]},
        {"row": ["0", "1", "2", "3", "5"]},
        {"row": ["0", "1", "2", "3", "-1"]},
        {"row": ["0", "1", "2", "3", "9" * 40]},
        {"row": ["a", "1", "2", "3", "4"]},
        {},
        {"row": ["0", "1", "2", "3", "4"], "move": "9:up"},
        {"row": ["0", "1", "2", "3", "4"], "move": "1:left"},
        {"row": ["0", "1", "2", "3", "4"], "move": "nonsense"},
    ],
)
def test_what_is_no_order_does_not_fit(client: TestClient, form: dict[str, object]) -> None:
    response = client.post(f"{LADDER}/order", data={"seed": "1", **form})

    assert response.status_code == 422
    assert state_of(client, "Put the steps in order") == "Not tried yet"


# --- the missing step ----------------------------------------------------------------------------


def missing_step(derivation: Derivation) -> Step:
    return picked(derivation.steps, SEED)


def test_the_missing_step_is_not_on_the_page_and_the_others_are(
    client: TestClient, ols: Derivation
) -> None:
    missing = missing_step(ols)

    page = unescape(client.get(f"{LADDER}/missing?seed={SEED}").text)

    assert missing.formula not in page
    assert missing.explanation[:40] not in page
    assert all(step.formula in page for step in ols.steps if step is not missing)
    assert missing.title in page


def test_each_step_can_be_filled_in_as_the_content_states_it(
    client: TestClient, library: Library
) -> None:
    for name in ("ols", "kl-divergence"):
        derivation = library[name]
        for seed in range(len(derivation.steps)):
            step = picked(derivation.steps, seed)
            form = {"seed": str(seed), "line": step.formula}
            there = client.post(f"/d/{name}/ladder/missing", data=form).headers["location"]
            assert "Yes, that is the step." in client.get(there).text, (name, step.number)
        assert state_of(client, "Fill in the missing step", f"/d/{name}/ladder") == "Passed"


def test_a_line_that_fails_or_states_something_else_is_no_pass(
    client: TestClient, ols: Derivation
) -> None:
    missing = missing_step(ols)
    other = next(step for step in ols.steps if step.number != missing.number)
    wrong = next(slip.wrong for slip in ols.slips)

    _, failed = follow(client, f"{LADDER}/missing", line=wrong)
    _, elsewhere = follow(client, f"{LADDER}/missing", line=other.formula)

    assert 'data-verdict="fails"' in failed
    assert "It holds, but it does not state this step yet." in elsewhere
    for page in (failed, elsewhere):
        assert missing.formula not in unescape(page)
    assert state_of(client, "Fill in the missing step") == "not passed yet"


def test_showing_the_missing_step_is_no_pass(client: TestClient, ols: Derivation) -> None:
    there, page = follow(client, f"{LADDER}/missing", show="1", line="x =")

    assert missing_step(ols).formula in unescape(page)
    assert "shown=1" in there
    assert state_of(client, "Fill in the missing step") == "not passed yet"


def test_an_empty_line_is_not_judged(client: TestClient) -> None:
    there, _ = follow(client, f"{LADDER}/missing", line=" \n ")

    assert parse_qs(urlsplit(there).query) == {"seed": [str(SEED)]}
    assert state_of(client, "Fill in the missing step") == "Not tried yet"


def test_a_line_over_several_rows_is_one_line(client: TestClient, ols: Derivation) -> None:
    step = missing_step(ols)
    typed = step.formula.replace(" ", "\r\n", 1)

    _, page = follow(client, f"{LADDER}/missing", line=typed)

    assert "Yes, that is the step." in page


def test_a_line_that_is_too_long_does_not_fit(client: TestClient) -> None:
    form = {"seed": "1", "line": "x" * 2001}

    assert client.post(f"{LADDER}/missing", data=form).status_code == 422


# --- the corrupted line --------------------------------------------------------------------------


def test_one_line_is_replaced_by_a_slip_that_is_not_explained_yet(
    client: TestClient, ols: Derivation
) -> None:
    for seed in range(len(ols.slips)):
        slip = picked(ols.slips, seed)
        page = unescape(client.get(f"{LADDER}/corrupted?seed={seed}").text)

        assert slip.wrong in page
        assert slip.explanation[:40] not in page
        assert slip.id not in page
        shown = [step.number for step in ols.steps if step.formula in page]
        assert shown == [step.number for step in ols.steps if step.number != slip.step]


def test_the_right_choice_is_a_pass_and_the_slip_is_explained(
    client: TestClient, ols: Derivation
) -> None:
    slip = picked(ols.slips, SEED)

    there, page = follow(client, f"{LADDER}/corrupted", chosen=slip.step)

    assert f"Found. It is the line of step {slip.step}." in text_of(page)
    step = next(step for step in ols.steps if step.number == slip.step)
    assert step.formula in unescape(page)
    assert slip.wrong in unescape(page)
    assert state_of(client, "Find the corrupted line") == "Passed"
    assert client.get(there).text == page


def test_a_wrong_choice_is_none(client: TestClient, ols: Derivation) -> None:
    slip = picked(ols.slips, SEED)
    other = next(step for step in ols.steps if step.number != slip.step)

    _, page = follow(client, f"{LADDER}/corrupted", chosen=other.number)

    assert f"The wrong line is that of step {slip.step}." in text_of(page)
    assert state_of(client, "Find the corrupted line") == "not passed yet"


@pytest.mark.parametrize(("chosen", "status"), [("9", 404), ("", 422), ("x" * 50, 422)])
def test_a_step_that_there_is_not_cannot_be_chosen(
    client: TestClient, chosen: str, status: int
) -> None:
    response = client.post(f"{LADDER}/corrupted", data={"seed": "1", "chosen": chosen})

    assert response.status_code == status
    assert state_of(client, "Find the corrupted line") == "Not tried yet"


def test_the_moment_of_a_pass_is_that_of_the_server(client: TestClient, ols: Derivation) -> None:
    follow(client, f"{LADDER}/order", row=solved(client, ols, [s.number for s in ols.steps]))

    assert 'datetime="2025-10-09T09:00:00Z"' in client.get(LADDER).text
