"""The checker agrees with the content, or the author reads which field is wrong and what to do."""

from pathlib import Path

import pytest

from app.checker import Finding
from app.library.loader import load_library
from app.library.verifying.formulas import verify
from app.settings import ROOT
from tests.library.helpers import without_line, write_derivation

CONTENT = ROOT / "content"
LIBRARY = load_library(CONTENT)

SQUARE = r"""
id = 'square'
title = 'A square'
prompt = 'Differentiate the loss by $w$.'

[[givens]]
tex = 'w, y \in \mathbb{R}'

[[givens]]
tex = '\mathcal{L}(w) = \frac{1}{2}(y - w)^2'

[[givens]]
tex = '\hat{w} = \arg\min_w \mathcal{L}(w)'

[[names]]
tex = 'r = y - w'

[[contexts]]
name = 'at the optimum'
sets = ['w = \hat{w}']

[[steps]]
number = '2'
title = 'Minimum'
formula = '\hat{w} = y'
explanation = 'The derivative is zero there.'

[[steps]]
number = '1'
title = 'Result'
formula = '\nabla_w \mathcal{L} = w - y'
forms = ['d\mathcal{L} = (w - y)\, dw']
excludes = ['\nabla_w \mathcal{L} = \nabla_w \frac{1}{2} r^2']
explanation = 'The sign turns it around.'
load_bearing = true

[[slips]]
id = 'sign'
step = '1'
wrong = '\nabla_w \mathcal{L} = y - w'
explanation = 'The inner derivative was forgotten.'

[[slips]]
id = 'factor'
step = '1'
wrong = '\nabla_w \mathcal{L} = 2(w - y)'
explanation = 'The one half was forgotten.'
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return tmp_path / "content"


def problems(content: Path, *changes: tuple[str, str]) -> list[str]:
    """What is said of the small derivation after some changes to it."""
    text = SQUARE
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} is not in one place"
        text = text.replace(old, new)
    write_derivation(content, "square.toml", text)
    library = load_library(content)
    assert library.errors == ()
    return [without_line(str(problem)) for problem in verify(content, library)]


def test_a_derivation_that_is_right_is_not_complained_about(content: Path) -> None:
    assert problems(content) == []


RESULT = r"'\nabla_w \mathcal{L} = w - y'"
MINIMUM = r"'\hat{w} = y'"
SIGN = r"'\nabla_w \mathcal{L} = y - w'"
FACTOR = r"'\nabla_w \mathcal{L} = 2(w - y)'"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (RESULT, r"'\nabla_w \mathcal{L} = w + y'", "steps[2].formula does not hold (L"),
        (MINIMUM, r"'\hat{w} = 2y'", "steps[1].formula does not hold (L"),
        (MINIMUM, r"'\hat{w} = '", "steps[1].formula cannot be used ("),
        (MINIMUM, r"'\hat{w} = u_7 + 1'", "steps[1].formula "),
        (
            MINIMUM,
            r"'\nabla_w \mathcal{L} = \nabla_w \frac{1}{2} r^2'",
            "steps[1].formula holds but is not found to state step 2",
        ),
        ("forms = [", "forms = ['0 = 1', ", "steps[2].forms[1] does not hold ("),
        (
            "load_bearing = true",
            r"contains = ['\text{so}']",
            "steps[2].contains[1] cannot be used (",
        ),
        (
            "load_bearing = true",
            r"may_use = ['\nabla_w L +']",
            "steps[2].may_use[1] cannot be used (",
        ),
        (SIGN, r"'\nabla_w \mathcal{L} = -r'", "slips[1].wrong holds: a slip has to be wrong"),
        (FACTOR, r"'\nabla_w \mathcal{L} ='", "slips[2].wrong cannot be used ("),
        (r"'w, y \in \mathbb{R}'", r"'w + y = 3'", "givens[1].tex cannot be read: "),
        (r"'r = y - w'", r"'r = y -'", "names[1].tex cannot be read: "),
        (
            r"['w = \hat{w}']",
            r"['w = \hat{w}', 'w = \frac']",
            "contexts[1].sets[2] cannot be read: ",
        ),
    ],
)
def test_what_is_wrong_is_named_by_its_field(content: Path, old: str, new: str, said: str) -> None:
    if "load_bearing" in old:
        new += "\nload_bearing = true"

    found = problems(content, (old, new))

    assert any(one.startswith(f"content/derivations/square.toml: {said}") for one in found), found
    for problem in found:
        _, what, to_do = problem.split(": ", 2)
        assert what
        assert to_do


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (
            Finding(1, "", "holds", "Holds.", parts=("1", "2")),
            "steps[2].excludes[1] still counts as step 1: write it as it is typed",
        ),
        (Finding(1, "", "unclear", "Too much."), "steps[1].formula cannot be judged (Too much): "),
        (
            Finding(1, "", "defines", "Defines w."),
            "steps[1].formula has a name that is not known (",
        ),
        (
            Finding(1, "", "unclear", "Why."),
            "slips[1].wrong is not judged wrong but 'unclear' (Why)",
        ),
        (
            Finding(1, "", "fails", "No."),
            "slips[1].wrong fails, but is not recognised as 'sign': ",
        ),
        (
            Finding(1, "", "fails", "No.", slip="sign"),
            "slips[2].wrong is recognised as 'sign' instead of 'factor': ",
        ),
        (
            Finding(1, "", "holds", "Holds.", where="at the optimum"),
            "slips[1].wrong holds at the optimum: ",
        ),
    ],
)
def test_every_finding_that_a_formula_must_not_have_is_explained(
    content: Path, monkeypatch: pytest.MonkeyPatch, finding: Finding, said: str
) -> None:
    class OneMind:
        def check(self, lines: list[str]) -> list[Finding]:
            return [finding for _ in lines]

    monkeypatch.setattr("app.library.verifying.formulas.make_checker", lambda _: OneMind())

    found = problems(content)

    assert any(one.startswith(f"content/derivations/square.toml: {said}") for one in found), found


def test_words_alone_may_stand_as_a_form(content: Path) -> None:
    assert problems(content, ("forms = [", r"forms = ['\text{the difference}', ")) == []


def test_blocks_are_counted_as_they_stand_in_the_file(content: Path) -> None:
    """The library has step 1 first; in the file it is the second block."""
    found = problems(content, (r"'\nabla_w \mathcal{L} = w - y'", r"'\nabla_w \mathcal{L} = 3w'"))

    assert any(": steps[2].formula " in problem for problem in found)
    assert not any(": steps[1].formula " in problem for problem in found)


def test_a_line_in_a_context_may_be_a_key_step(content: Path) -> None:
    assert problems(content, (r"'\hat{w} = y'", r"'y - w = 0'")) == []


def test_examples_are_held_to_their_verdicts(content: Path) -> None:
    write_examples(
        content,
        r"""
        [[topics.spellings]]
        derivation = 'square'
        means = 'a loss'
        ways = ['\mathcal{L}(w)', 'L', 'r']

        [[topics.examples]]
        derivation = 'square'
        lines = ['a := y - w', 'a = r', 'a = w']
        verdicts = ['defines', 'holds', 'holds']
        remark = 'A name of one’s own.'
        """,
    )

    found = problems(content)

    assert len(found) == 2
    assert found[0].startswith("content/checker-examples.toml: topics[1].spellings[1]: 'r = ")
    assert "is not 'holds' but 'fails'" in found[0]
    assert found[1].startswith("content/checker-examples.toml: topics[1].examples[1]: 'a = w' is")


@pytest.mark.parametrize(
    ("derivation", "verdicts", "said"),
    [
        ("circle", "['holds']", "topics[1].examples[1].derivation 'circle' is not there: "),
        ("square", "[]", "topics[1].examples[1].verdicts has 0 entries for 1 lines: "),
        ("square", "['true']", "topics[1].examples[1].verdicts[1] "),
    ],
)
def test_examples_that_cannot_be_used_are_explained(
    content: Path, derivation: str, verdicts: str, said: str
) -> None:
    write_examples(
        content,
        f"""
        [[topics.examples]]
        derivation = '{derivation}'
        lines = ['w = w']
        verdicts = {verdicts}
        remark = 'The same.'
        """,
    )

    found = problems(content)

    assert len(found) == 1
    assert found[0].startswith(f"content/checker-examples.toml: {said}")


def write_examples(content: Path, rows: str) -> None:
    content.mkdir(exist_ok=True)
    head = "[[topics]]\nid = 'one'\ntitle = 'One'\ntext = 'Text.'\n"
    (content / "checker-examples.toml").write_text(head + rows, encoding="utf-8")
