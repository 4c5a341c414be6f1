"""The content as a whole: it loads, it is complete, and a question gives nothing away."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import ascii_lowercase

import pytest

from app.library.loader import PLANNED, load_library
from app.library.models import Derivation, GotchaRow
from tests.content.cases import CONTENT, LIBRARY

# How many key steps it has, which of them bears the load, and the folders of the study notes.
OUTLINES = {
    "mlp-backprop": (6, 1, {"31_neural_networks"}),
    "attention": (6, 4, {"04_transformers", "05_attention_mechanisms"}),
    "ols": (5, 3, {"24_linear_algebra_qa", "48_optimization_and_matrix_calculus"}),
    "logistic-regression": (5, 3, {"01_classical_ml", "37_mle_map_estimation"}),
    "kl-divergence": (6, 2, {"33_information_theory", "37_mle_map_estimation"}),
    "em-gmm": (5, 3, {"19_advanced_clustering"}),
    "pca-svd": (6, 3, {"21_dimensionality_reduction"}),
    "svm-dual": (6, 3, {"35_kernel_functions", "48_optimization_and_matrix_calculus"}),
    "rope": (4, 3, {"14_advanced_positional_embeddings"}),
    "dpo": (4, 3, {"08_training_techniques"}),
    "elbo": (4, 2, {"21_dimensionality_reduction", "33_information_theory"}),
    "bias-variance": (5, 3, {"27_advanced_theory", "52_statistical_learning_theory"}),
    "information-gain": (6, 4, {"26_tree_based_methods"}),
}


def test_it_loads_without_errors() -> None:
    assert LIBRARY.errors == ()


def test_all_thirteen_are_there_and_the_first_eight_are_the_drill() -> None:
    assert {one.question.id for one in LIBRARY.originals} == set(PLANNED)
    assert [one.question.id for one in LIBRARY.originals if one.question.drill] == [
        "mlp-backprop",
        "attention",
        "ols",
        "logistic-regression",
        "em-gmm",
        "dpo",
        "elbo",
        "bias-variance",
    ]


@pytest.mark.parametrize("derivation_id", PLANNED)
def test_a_derivation_is_complete(derivation_id: str) -> None:
    derivation = LIBRARY[derivation_id]

    assert len(derivation.insights) >= 3
    assert len(derivation.gotchas) >= 4
    assert len(derivation.slips) >= 6
    assert len(derivation.hints) == 3
    assert any(item.author and item.year for item in derivation.reading)
    assert all(step.say for step in derivation.steps)


@pytest.mark.parametrize("derivation_id", PLANNED)
def test_its_steps_star_and_folders_are_those_of_the_notes(derivation_id: str) -> None:
    derivation = LIBRARY[derivation_id]
    count, star, folders = OUTLINES[derivation_id]

    assert {whole(step.number) for step in derivation.steps} == set(range(1, count + 1))
    assert [whole(step.number) for step in derivation.steps if step.load_bearing] == [star]
    assert folders <= {item.folder for item in derivation.reading}


def whole(number: str) -> int:
    """Of the step that this is, or is a part of."""
    return int(number.rstrip(ascii_lowercase))


@pytest.mark.parametrize("derivation_id", PLANNED)
def test_it_has_eight_follow_ups_for_every_kind_of_candidate(derivation_id: str) -> None:
    followups = LIBRARY[derivation_id].followups

    assert len(followups) == 8
    assert {followup.difficulty for followup in followups} == {1, 2, 3}
    assert all(followup.intuition for followup in followups)
    assert all(2 <= len(followup.listen_for) <= 4 for followup in followups)


@pytest.mark.parametrize("derivation_id", PLANNED)
def test_it_has_a_shorter_and_a_harder_variant(derivation_id: str) -> None:
    whole = LIBRARY[derivation_id]
    shorter, harder = (
        next(one for one in LIBRARY.variants_of(derivation_id) if one.question.level == level)
        for level in ("shorter", "harder")
    )

    assert shorter.question.minutes < whole.question.minutes
    assert harder.steps != whole.steps
    assert all(step.say for one in (shorter, harder) for step in one.steps)


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
    assert library["half-square-sum"].question.family == "half-square"


def _answers(derivation: Derivation) -> Iterator[str]:
    yield from derivation.hints
    yield from derivation.insights
    for step in derivation.steps:
        yield step.explanation
        if step.say:
            yield step.say
        yield from _claims(step.formula)
    for slip in derivation.slips:
        yield from (slip.wrong, slip.explanation)
    for gotcha in derivation.gotchas:
        yield from (gotcha.question, gotcha.right, gotcha.why)
    for followup in derivation.followups:
        yield from (followup.question, followup.answer, *followup.listen_for)
        if followup.intuition:
            yield followup.intuition


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


def sentences(prose: str) -> int:
    without_formulas = re.sub(r"\$[^$]*\$", "x", prose.strip())
    return len(re.findall(r"[.?!](?=\s|$)", without_formulas))


@pytest.mark.parametrize("derivation_id", LIBRARY.derivations)
def test_it_is_brief_where_time_is_short(derivation_id: str) -> None:
    derivation = LIBRARY[derivation_id]

    assert sentences(derivation.question.prompt) <= 2
    for step in derivation.steps:
        assert sentences(step.explanation) <= 2, step.number
    for gotcha in derivation.gotchas:
        assert sentences(gotcha.why) == 1, gotcha.question


@pytest.mark.parametrize("row", LIBRARY.gotchas, ids=lambda row: row.derivation)
def test_a_row_of_the_gotcha_table_is_brief(row: GotchaRow) -> None:
    assert sentences(row.why) == 1
    assert len(row.why.split()) <= 42
