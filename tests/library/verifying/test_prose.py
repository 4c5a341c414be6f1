"""Formulas in the prose of a derivation."""

import pytest

from app.library.models import DerivationFile
from app.library.reading import read_source
from app.library.verifying.prose import stated, wrong_prose

SQUARE = r"""
id = 'square'
title = 'Square'
prompt = 'Differentiate.'
insights = ['INSIGHT']
SUPPOSED

[[givens]]
tex = 'w, y \in \mathbb{R}'

[[givens]]
tex = '\mathcal{L}(w) = \frac{1}{2}(y - w)^2'

[[steps]]
number = '1'
title = 'Result'
formula = '\nabla_w \mathcal{L} = w - y'
explanation = 'EXPLANATION'
load_bearing = true

[[gotchas]]
question = 'Which sign?'
wrong = '$\nabla_w \mathcal{L} = y - w$.'
right = 'Plus.'
why = 'It rises.'

[[variants]]
id = 'square-three'
level = 'harder'
title = 'Three'
prompt = 'Now $w$ counts three times.'
keeps = []
VARIANT

[[variants.givens]]
tex = 'w, y \in \mathbb{R}'

[[variants.givens]]
tex = '\mathcal{L}(w) = \frac{1}{2}(y - 3w)^2'

[[variants.steps]]
number = '1'
title = 'Result'
formula = '\nabla_w \mathcal{L} = 3(3w - y)'
explanation = 'OTHER'
load_bearing = true
"""


def problems(
    insight: str = "x",
    explanation: str = "x",
    supposed: str = "",
    other: str = "x",
    variant: str = "",
) -> list[str]:
    source = SQUARE.replace("INSIGHT", insight).replace("EXPLANATION", explanation)
    source = source.replace("SUPPOSED", supposed).replace("OTHER", other)
    source = source.replace("VARIANT", variant)
    return list(wrong_prose(read_source(source, DerivationFile)))


def test_what_holds_is_not_complained_about() -> None:
    assert problems(explanation=r"Because $(w - y)^2 = (y - w)^2$ it turns.") == []


def test_a_formula_that_fails_is_named_with_its_field() -> None:
    (problem,) = problems(insight=r"So $\nabla_w \mathcal{L} = y - w$ there.")

    assert problem.startswith(r"insights[1] states \nabla_w \mathcal{L} = y - w, which fails (")


@pytest.mark.parametrize(
    "supposed",
    ["w = 0", "w = y", "y > 1", r"w = -\frac{1}{2}", r"w \ne 2y", "y = 10^5", r"\mathcal{L} = 1"],
)
def test_a_supposed_value_states_nothing(supposed: str) -> None:
    assert problems(insight=f"Look at ${supposed}$.") == []


@pytest.mark.parametrize(
    ("formula", "states"),
    [
        (r"(w - y)^2 = (y - w)^2", True),
        (r"w - y \ge 0", True),
        (r"\sum_{i=1}^{n} w_i = w_1 + w_2", True),
        (r"\sum_{j > k} s_j^2", False),
        (r"\max_{j \ne i} s_j", False),
        (r"\ge", False),
        ("w - y", False),
    ],
)
def test_what_states_something(formula: str, states: bool) -> None:
    source = SQUARE.replace("INSIGHT", f"So ${formula}$.").replace("SUPPOSED", "")
    file = read_source(source.replace("VARIANT", ""), DerivationFile)

    assert list(stated(file)) == ([("insights[1]", formula)] if states else [])


def test_a_variant_states_what_is_under_its_prefix() -> None:
    source = SQUARE.replace("OTHER", "So $9w - 3y = 3(3w - y)$.").replace("SUPPOSED", "")
    file = read_source(source.replace("VARIANT", ""), DerivationFile)

    field = "variants[1].steps[1].explanation"
    assert list(stated(file)) == []
    assert list(stated(file, "variants[1].")) == [(field, "9w - 3y = 3(3w - y)")]


def test_what_is_supposed_may_be_said_so() -> None:
    listed = "supposed = ['y - w = 0']"

    assert len(problems(insight="If $y - w = 0$, it is flat.")) == 1
    assert problems(insight="If $y - w = 0$, it is flat.", supposed=listed) == []


def test_a_supposition_that_no_sentence_makes_is_named() -> None:
    (problem,) = problems(supposed="supposed = ['y - w = 0']")

    assert problem == "supposed[1] y - w = 0 is in no sentence: take it out"


LENGTH = "It is $c(w - y) = cw - cy$ for a length $c$."


def test_what_is_said_of_more_than_the_givens_holds_in_its_setting() -> None:
    setting = r"settings = [{adds = ['c > 0'], states = ['c(w - y) = cw - cy']}]"

    assert problems(insight=LENGTH, supposed=setting) == []


def test_what_does_not_hold_in_its_setting_is_named() -> None:
    setting = r"settings = [{adds = ['c > 0', 'w = 2y'], states = ['c(w - y) = 2cy']}]"
    (problem,) = problems(insight="Then $c(w - y) = 2cy$.", supposed=setting)

    assert problem.startswith(
        "settings[1].states[1] c(w - y) = 2cy does not hold there but fails ("
    )


def test_what_is_not_computed_in_its_setting_is_named() -> None:
    setting = r"settings = [{adds = ['c > 0'], states = ['q_3 = q_4 + c']}]"
    (problem,) = problems(insight="Then $q_3 = q_4 + c$.", supposed=setting)

    assert "does not hold there but unclear (The givens have no name q" in problem


def test_a_setting_may_declare_a_given_anew_or_stand_alone() -> None:
    other = (
        r"settings = [{adds = ['\mathcal{L}(w) = w^2'], states = ['\nabla_w \mathcal{L} = 2w']}]"
    )
    alone = (
        r"settings = [{adds = ['\mathcal{L} > 0'], alone = true, states = ['\mathcal{L} + 1 > 1']}]"
    )

    assert problems(insight=r"So $\nabla_w \mathcal{L} = 2w$.", supposed=other) == []
    assert problems(insight=r"So $\mathcal{L} + 1 > 1$.", supposed=alone) == []
    missing = alone.replace(r"\mathcal{L} + 1", "w + 1")
    (problem,) = problems(insight="So $w + 1 > 1$.", supposed=missing)
    assert "The givens have no name w" in problem


def test_a_setting_that_cannot_be_read_and_one_without_a_sentence_are_named() -> None:
    setting = r"settings = [{adds = ['c +'], states = ['c = 2c - c']}]"

    unused, unreadable = problems(supposed=setting)

    assert unused == "settings[1].states[1] c = 2c - c is in no sentence: take it out"
    assert unreadable.startswith("settings[1].adds: 'c +' cannot be read: ")


def test_what_cannot_be_judged_is_left_to_other_tests() -> None:
    assert problems(insight=r"In the limit $w \to y$ and $q_3 = q_4 + 1$.") == []


def test_the_common_wrong_answer_is_meant_to_be_wrong() -> None:
    assert problems() == []


def test_a_variant_is_judged_in_its_own_world() -> None:
    right, wrong = r"So $\nabla_w \mathcal{L} = 9w - 3y$.", r"So $\nabla_w \mathcal{L} = w - y$."

    assert problems(other=right) == []
    (problem,) = problems(other=wrong)
    assert problem.startswith("variants[1].steps[1].explanation states ")
    listed = r"supposed = ['\nabla_w \mathcal{L} = w - y']"
    assert problems(other=wrong, variant=listed) == []
