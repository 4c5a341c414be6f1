"""A derivation written as a content file reads back as the same derivation."""

import string
import tomllib
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.library.models import DerivationFile
from app.library.reading import read_file, read_source
from app.library.writing import source_of_derivation
from app.settings import ROOT
from tests.library.helpers import HALF_SQUARE, VARIANT

SHIPPED = sorted((ROOT / "content" / "derivations").glob("*.toml"))
# What ends a text, hides the rest of a line, or cannot be seen.
HOSTILE = (
    "'",
    "''",
    "'''",
    '"',
    '"""',
    "\\",
    "\\\\",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\0",
    "\x1b",
    "\x7f",
    "\x85",
    "\u2028",
    "\ufeff",
    "\ue000",
    "\U0001f9ee",
    "# not a comment",
    "[[steps]]",
    "= 1",
    "%",
    "é",
)


def half_square(**changes: Any) -> DerivationFile:
    return DerivationFile.model_validate({**tomllib.loads(HALF_SQUARE + VARIANT), **changes})


def read_back(file: DerivationFile) -> DerivationFile:
    return read_source(source_of_derivation(file), DerivationFile)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_file_that_is_shipped_reads_back(path: Path) -> None:
    file = read_file(path, DerivationFile)

    assert read_back(file) == file


def test_it_is_written_as_people_write() -> None:
    file = half_square(
        prompt="Differentiate the loss by $w$ and say what the sign of the result means for a step "
        "of gradient descent.",
        minutes=5,
        gotchas=[],
        followups=[],
        reading=[],
        variants=[],
    )

    assert source_of_derivation(file) == (
        r"""id = 'half-square'
title = 'Derivative of a square'
drill = 8
prompt = '''
Differentiate the loss by $w$ and say what the sign of the result means for a step of gradient
descent.
'''
insights = ['The one half cancels the two.']
hints = ['Which rule?', 'Inner derivative?']

[[givens]]
tex = 'w \in \mathbb{R}'
note = 'the weight'

[[steps]]
number = '1'
title = 'Chain rule'
formula = '\nabla_w \mathcal{L} = -(y - w)'
explanation = 'The inner derivative is $-1$.'

[[steps]]
number = '2'
title = 'Result'
formula = '\nabla_w \mathcal{L} = w - y'
explanation = 'The sign turns it around.'
load_bearing = true

[[slips]]
id = 'sign'
wrong = '\nabla_w \mathcal{L} = y - w'
step = '2'
explanation = 'The inner derivative was forgotten.'
"""
    )


def test_blocks_of_a_variant_stay_in_it() -> None:
    source = source_of_derivation(half_square())

    assert "[[variants.steps]]" in source
    assert read_source(source, DerivationFile).variants[0].steps[0].formula == (
        r"\nabla_w \mathcal{L} = 2 (w - y)"
    )


@pytest.mark.parametrize(
    "formula",
    [
        "x % a comment\n+ 1",
        "x'",
        "x''' = 1",
        "'x",
        '"x"',
        "a\tb",
        "a\rb",
        "a\x0bb",
        r"\text{''' " "" + '"""' + r"}",
        "a\u2028b",
        "\x00",
        "a \\\\\n b",
        "\ue000",
    ],
)
def test_a_formula_stays_as_it_is_to_the_letter(formula: str) -> None:
    step = {"number": "1", "title": "t", "formula": formula, "explanation": "e", "forms": [formula]}
    file = half_square(steps=[step], slips=[], variants=[])
    assert file.steps[0].formula == formula

    assert read_back(file) == file


@pytest.mark.parametrize("word", ["x" * 150, "$" + "x+" * 80 + "y$", "-" * 120, "a-b" * 60])
def test_a_word_that_is_longer_than_a_line_stays_whole(word: str) -> None:
    file = half_square(prompt=f"Show that {word} and {word} are the same.")

    assert read_back(file) == file


@pytest.mark.parametrize("place", ["{}", "a{}", "{}b", "a{}b", "a {} b", "{} " * 60])
def test_hostile_words_are_only_words(place: str) -> None:
    texts = [f"-{place.replace('{}', hostile)}-" for hostile in HOSTILE]
    files = [half_square(title=text, prompt=text, insights=[text, text]) for text in texts]

    assert [file.title for file in files if read_back(file) != file] == []


# --- any derivation ------------------------------------------------------------------------------

pieces = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(string.ascii_letters + " ", max_size=30),
    st.characters(exclude_categories=["Cs"]),
)
texts = st.lists(pieces, max_size=8).map("".join)
plains = texts.map(lambda text: text.replace("$", "")).filter(str.strip)
proses = st.one_of(
    plains,
    plains.map(lambda text: f"{text} $x^2$ costs \\$3 *or* `more`"),
    plains.map(lambda text: f"{text} and more words than fit. " * 4),
)
formulas = texts.map(lambda text: "".join(one for one in text if one not in "{}$\\")).map(
    lambda text: f"\\frac{{x}}{{2}} {text} = 1"
)

# What a field may hold, by its kind. Texts are found by Hypothesis, as many as are few.
FIXED: dict[str, list[Any]] = {
    "name": ["a", "half-square", "z9-0"],
    "number": ["1", "2b", "39"],
    "flag": [False, True],
    "drill": [1, 8],
    "minutes": [1, 60],
    "difficulty": [1, 2, 3],
    "year": [1600, 2100],
    "level": ["shorter", "harder"],
    "judges": ["any", "stationarity", "bounds", "said"],
}
pools = st.fixed_dictionaries(
    {
        kind: st.lists(strategy, min_size=1, max_size=4)
        for kind, strategy in (("plain", plains), ("prose", proses), ("formula", formulas))
    }
)

# A list holds any number of what stands in it, and what has a question mark may be left out.
GIVEN = {"tex": "formula", "note?": "prose"}
NAME = {"tex": "formula", "weak?": "flag", "held?": "flag"}
CONTEXT = {"name": "plain", "sets": ["formula"], "judges?": "judges", "without?": ["formula"]}
STEP = {
    "number": "number",
    "title": "plain",
    "formula": "formula",
    "explanation": "prose",
    "say?": "prose",
    "load_bearing?": "flag",
    "must?": "flag",
    "forms?": ["formula"],
    "excludes?": ["formula"],
    "may_use?": ["formula"],
    "contains?": ["formula"],
    "every_row?": "flag",
}
SLIP = {"id": "name", "wrong": "formula", "step": "number", "explanation": "prose"}
GOTCHA = {"question": "prose", "wrong": "prose", "right": "prose", "why": "prose"}
FOLLOWUP = {
    "question": "prose",
    "answer": "prose",
    "difficulty": "difficulty",
    "intuition?": "prose",
    "listen_for?": ["prose"],
}
READING = {"title": "plain", "author?": "plain", "year?": "year", "folder?": "plain"}
PICTURE = {"id": "name", "alt": "plain", "caption": "prose", "step?": "number"}
SETTING = {"adds": ["formula"], "states": ["formula"], "alone?": "flag"}
VARIANT_BLOCK = {
    "id": "name",
    "level": "level",
    "title": "plain",
    "prompt": "prose",
    "minutes?": "minutes",
    "keeps?": ["number"],
    "load_bearing?": "number",
    "hints?": ["prose"],
    "givens?": [GIVEN],
    "names?": [NAME],
    "contexts?": [CONTEXT],
    "steps?": [STEP],
    "slips?": [SLIP],
    "supposed?": ["formula"],
    "settings?": [SETTING],
}
DERIVATION = {
    "id": "name",
    "title": "plain",
    "prompt": "prose",
    "givens": [GIVEN],
    "steps": [STEP],
    "drill?": "drill",
    "minutes?": "minutes",
    "names?": [NAME],
    "contexts?": [CONTEXT],
    "insights?": ["prose"],
    "gotchas?": [GOTCHA],
    "slips?": [SLIP],
    "followups?": [FOLLOWUP],
    "hints?": ["prose"],
    "reading?": [READING],
    "pictures?": [PICTURE],
    "variants?": [VARIANT_BLOCK],
    "supposed?": ["formula"],
    "settings?": [SETTING],
}


def filled(form: Any, pool: dict[str, list[Any]], chance: Random) -> Any:
    """Something of this form. What fills it is drawn by chance alone: to have Hypothesis draw each
    field would take longer than all else in this file."""
    match form:
        case dict():
            return {
                key.rstrip("?"): filled(inner, pool, chance)
                for key, inner in form.items()
                if not key.endswith("?") or chance.random() < 0.6
            }
        case [inner]:
            return [filled(inner, pool, chance) for _ in range(chance.randrange(4))]
        case kind:
            return chance.choice(pool[kind])


@given(pools, st.integers(0, 2**32))
@settings(max_examples=100)
def test_any_derivation_reads_back(texts: dict[str, list[str]], seed: int) -> None:
    written = filled(DERIVATION, {**FIXED, **texts}, Random(seed))
    file = DerivationFile.model_validate(written)

    assert read_back(file) == file
