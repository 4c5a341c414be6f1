"""A derivation written as a content file reads back as the same derivation."""

import string
import tomllib
from pathlib import Path
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


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("place", ["{}", "a{}", "{}b", "a{}b", "a {} b", "{} " * 60])
def test_hostile_words_are_only_words(hostile: str, place: str) -> None:
    text = f"-{place.replace('{}', hostile)}-"
    file = half_square(title=text, prompt=text, insights=[text, text])

    assert read_back(file) == file


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
names = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6})?", fullmatch=True)
numbers = st.from_regex(r"[1-9][0-9]?[a-z]?", fullmatch=True)


def some(block: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(block, max_size=3)


def blocks(*, optional: dict[str, Any] | None = None, **fields: Any) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(fields, optional=optional or {})


flags = st.booleans()
levels = st.sampled_from(["shorter", "harder"])
judges = st.sampled_from(["any", "stationarity", "bounds", "said"])
given_blocks = blocks(tex=formulas, optional={"note": proses})
name_blocks = blocks(tex=formulas, optional={"weak": flags, "held": flags})
context_blocks = blocks(
    name=plains, sets=some(formulas), optional={"judges": judges, "without": some(formulas)}
)
step_blocks = blocks(
    number=numbers,
    title=plains,
    formula=formulas,
    explanation=proses,
    optional={
        "say": proses,
        "load_bearing": flags,
        "must": flags,
        "forms": some(formulas),
        "excludes": some(formulas),
        "may_use": some(formulas),
        "contains": some(formulas),
        "every_row": flags,
    },
)
slip_blocks = blocks(id=names, wrong=formulas, step=numbers, explanation=proses)
gotcha_blocks = blocks(question=proses, wrong=proses, right=proses, why=proses)
followup_blocks = blocks(
    question=proses,
    answer=proses,
    difficulty=st.integers(1, 3),
    optional={"intuition": proses, "listen_for": some(proses)},
)
reading_blocks = blocks(
    title=plains, optional={"author": plains, "year": st.integers(1600, 2100), "folder": plains}
)
picture_blocks = blocks(id=names, alt=plains, caption=proses, optional={"step": numbers})
setting_blocks = blocks(adds=some(formulas), states=some(formulas), optional={"alone": flags})
variant_blocks = blocks(
    id=names,
    level=levels,
    title=plains,
    prompt=proses,
    optional={
        "minutes": st.integers(1, 60),
        "keeps": some(numbers),
        "load_bearing": numbers,
        "hints": some(proses),
        "givens": some(given_blocks),
        "names": some(name_blocks),
        "contexts": some(context_blocks),
        "steps": some(step_blocks),
        "slips": some(slip_blocks),
        "supposed": some(formulas),
        "settings": some(setting_blocks),
    },
)
derivations = blocks(
    id=names,
    title=plains,
    prompt=proses,
    givens=some(given_blocks),
    steps=some(step_blocks),
    optional={
        "drill": st.integers(1, 8),
        "minutes": st.integers(1, 60),
        "names": some(name_blocks),
        "contexts": some(context_blocks),
        "insights": some(proses),
        "gotchas": some(gotcha_blocks),
        "slips": some(slip_blocks),
        "followups": some(followup_blocks),
        "hints": some(proses),
        "reading": some(reading_blocks),
        "pictures": some(picture_blocks),
        "variants": some(variant_blocks),
        "supposed": some(formulas),
        "settings": some(setting_blocks),
    },
)


@given(derivations)
@settings(deadline=None, max_examples=150)
def test_any_derivation_reads_back(written: dict[str, Any]) -> None:
    file = DerivationFile.model_validate(written)

    assert read_back(file) == file
