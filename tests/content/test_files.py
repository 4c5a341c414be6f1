"""The content as a whole: it loads, it is complete, and a question gives nothing away."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.library.loader import load_library
from app.library.models import Derivation
from tests.content.cases import CONTENT, LIBRARY

# The others can be attempted and checked; what is said about them afterwards is still to come.
WITH_PROSE = [name for name, derivation in LIBRARY.derivations.items() if derivation.gotchas]


def test_it_loads_without_errors() -> None:
    assert LIBRARY.errors == ()


def test_these_have_all_their_prose() -> None:
    assert {"mlp-backprop", "ols", "logistic-regression"} <= set(WITH_PROSE)


@pytest.mark.parametrize("derivation_id", WITH_PROSE)
def test_a_derivation_with_prose_is_complete(derivation_id: str) -> None:
    derivation = LIBRARY[derivation_id]

    assert len(derivation.insights) >= 3
    assert len(derivation.gotchas) >= 4
    assert len(derivation.followups) >= 5
    assert len(derivation.hints) == 3
    assert derivation.reading


@pytest.mark.parametrize("derivation_id", LIBRARY.derivations)
def test_a_derivation_has_enough_slips(derivation_id: str) -> None:
    assert len(LIBRARY[derivation_id].slips) >= 6


@pytest.mark.parametrize("derivation_id", LIBRARY.derivations)
def test_a_question_gives_nothing_away(derivation_id: str) -> None:
    derivation = LIBRARY[derivation_id]
    shown = _flat(derivation.question.model_dump_json().replace("\\\\", "\\"))

    for answer in _answers(derivation):
        assert _flat(answer) not in shown


def test_the_gotcha_table_has_its_seven_rows() -> None:
    assert [row.derivation for row in LIBRARY.gotchas] == [
        "attention",
        "mlp-backprop",
        "em-gmm",
        "elbo",
        "kl-divergence",
        "svm-dual",
        "rope",
    ]


def test_the_table_says_mass_covering_as_the_two_directions_of_kl_demand() -> None:
    row = next(row for row in LIBRARY.gotchas if row.derivation == "kl-divergence")

    assert "mass-covering" in row.right
    assert "mean-seeking" not in row.right + row.why


def test_the_example_of_the_readme_loads(tmp_path: Path) -> None:
    readme = (CONTENT / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```toml\n(.*?)```", readme, re.DOTALL)
    assert example
    (tmp_path / "derivations").mkdir()
    (tmp_path / "derivations" / "half-square.toml").write_text(example[1], encoding="utf-8")

    library = load_library(tmp_path)

    assert library.errors == ()
    assert library["half-square"].must_steps == ("1", "2")


def _answers(derivation: Derivation) -> Iterator[str]:
    yield from derivation.hints
    yield from derivation.insights
    for step in derivation.steps:
        yield step.explanation
        yield from _claims(step.formula)
    for slip in derivation.slips:
        yield from (slip.wrong, slip.explanation)
    for gotcha in derivation.gotchas:
        yield from (gotcha.question, gotcha.right, gotcha.why)
    for followup in derivation.followups:
        yield from (followup.question, followup.answer)


def _claims(formula: str) -> Iterator[str]:
    """What its relations arrive at, except mere names, which the givens may have too.

    A left side says only what the row is about.
    """
    bare = re.sub(r"\\(begin|end)\{aligned\}|&", "", formula)
    for row in bare.split(r"\\"):
        _, *sides = re.split(r"=|\\[gl]eq?\b", row)
        yield from (side for side in sides if re.search(r"[-+(^]|\\frac", side))


def _flat(text: str) -> str:
    return "".join(text.split())
