"""Each mistake an author can make, and the exact sentence about it."""

from pathlib import Path

import pytest

from app.library.loader import load_library
from tests.library.helpers import HALF_SQUARE, ROW, changed, messages, write_derivation

STEP_FIELDS = (
    "number, title, formula, explanation, say, load_bearing, must, forms, excludes, may_use, "
    "contains, every_row, after"
)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            "formula = '\\nabla_w \\mathcal{L} = w - y'\n",
            "",
            "steps[2].formula is missing: add formula = '…'",
            id="missing in a block",
        ),
        pytest.param(
            "title = 'Derivative of a square'\n",
            "",
            "title is missing: add title = '…'",
            id="missing at the top",
        ),
        pytest.param(
            "difficulty = 1",
            "",
            "followups[1].difficulty is missing: add difficulty = 2",
            id="missing number",
        ),
        pytest.param(
            "\n[[givens]]\ntex = 'w \\in \\mathbb{R}'\nnote = 'the weight'\n",
            "",
            "givens is missing: add a block that starts with [[givens]]",
            id="missing block",
        ),
        pytest.param(
            "formula = '\\nabla_w \\mathcal{L} = w - y'",
            "formula = 'x'\nexplanaton = 'x'",
            "steps[2].explanaton is not a field: did you mean explanation?",
            id="misspelt in a block",
        ),
        pytest.param(
            "minutes = 4",
            "minuts = 4",
            "minuts is not a field: did you mean minutes?",
            id="misspelt",
        ),
        pytest.param(
            "load_bearing = true",
            "load_bearing = true\ncolour = 'red'",
            f"steps[2].colour is not a field: take it out, or use one of {STEP_FIELDS}",
            id="unknown",
        ),
        pytest.param(
            "year = 2004",
            "year = 2004\nminutes = 4",
            "reading[1].minutes is not a field: "
            "move minutes above the first [[…]] block of the file",
            id="below a block",
        ),
        pytest.param(
            "minutes = 4",
            "minutes = '4'",
            "minutes must be a whole number without quotes: write minutes = 5",
            id="text for a number",
        ),
        pytest.param(
            "minutes = 4",
            "minutes = true",
            "minutes must be a whole number without quotes: write minutes = 5",
            id="true for a number",
        ),
        pytest.param(
            "load_bearing = true",
            "load_bearing = 'true'",
            "steps[2].load_bearing must be true or false, without quotes: "
            "write load_bearing = true",
            id="text for yes or no",
        ),
        pytest.param(
            "title = 'Derivative of a square'",
            "title = 2",
            "title must be text in quotes: write title = '…'",
            id="number for a text",
        ),
        pytest.param(
            "['Which rule?', 'Inner derivative?']",
            "'Which rule?'",
            "hints has the wrong form: write hints = ['…', '…']",
            id="text for a list",
        ),
        pytest.param(
            "['Which rule?', 'Inner derivative?']",
            "['Which rule?', 2]",
            "hints[2] must be text in quotes: write '…'",
            id="number in a list",
        ),
        pytest.param(
            "[[givens]]",
            "[givens]",
            "givens has the wrong form: write a block that starts with [[givens]]",
            id="single brackets",
        ),
        pytest.param(
            "insights = ['The one half cancels the two.']",
            "reading = ['a book']",
            "line 44, column 10: not TOML (Cannot mutate immutable namespace ('reading',)): "
            "put text in '…' (or '''…''' if it has an apostrophe), one key = value a line",
            id="list and block",
        ),
        pytest.param(
            "drill = 8",
            "drill = 9",
            "drill is 9: write a whole number from 1 to 8",
            id="drill out of range",
        ),
        pytest.param(
            "difficulty = 1",
            "difficulty = 4",
            "followups[1].difficulty is 4: write a whole number from 1 to 3",
            id="difficulty out of range",
        ),
        pytest.param(
            "'The one half cancels the two.'",
            "' '",
            "insights[1] is empty: write something, or take the whole entry out",
            id="empty prose",
        ),
        pytest.param(
            "'\\nabla_w \\mathcal{L} = w - y'",
            "''",
            "steps[2].formula is an empty formula: write some LaTeX",
            id="empty formula",
        ),
        pytest.param(
            "id = 'sign'",
            f"id = '{'x' * 101}'",
            "slips[1].id is longer than 100 characters: choose a shorter name",
            id="long name",
        ),
        pytest.param(
            "'\\nabla_w \\mathcal{L} = w - y'",
            "'w - y \\'",
            "steps[2].formula ends with a single backslash: take it out, or write the command",
            id="backslash at the end",
        ),
        pytest.param(
            "'Derivative of a square'",
            "'Derivative of $x^2$'",
            "title is plain text, without formulas: take out the $",
            id="formula in a title",
        ),
        pytest.param(
            "'And for $n$ targets?'",
            "'And for $n targets?'",
            "followups[1].question has a $ without its partner at “$n targets?”: "
            "close the formula, or write \\$ for money",
            id="dollar alone",
        ),
        pytest.param(
            "'The inner derivative is $-1$.'",
            "'The inner derivative is $x_{-1$.'",
            "steps[1].explanation opens { at character 3 and never closes it: add }",
            id="brace alone in prose",
        ),
        pytest.param(
            "'\\nabla_w \\mathcal{L} = w - y'",
            "'\\frac{1}{2 w'",
            "steps[2].formula opens { at character 9 and never closes it: add }",
            id="brace not closed",
        ),
        pytest.param(
            "'\\nabla_w \\mathcal{L} = w - y'",
            "'x^2} + \\{1\\}'",
            "steps[2].formula closes } at character 4 without {: take it out, or open it before",
            id="brace not opened",
        ),
        pytest.param(
            "'\\nabla_w \\mathcal{L} = w - y'",
            "'\\begin{aligned} x'",
            "steps[2].formula opens \\begin{aligned} at character 1 and never closes it: "
            "add \\end{aligned}",
            id="environment not closed",
        ),
        pytest.param(
            "'\\nabla_w \\mathcal{L} = w - y'",
            "'\\begin{aligned} x \\end{cases}'",
            "steps[2].formula closes \\end{cases} at character 19 without \\begin{cases}: "
            "take it out, or open it before",
            id="environments crossed",
        ),
        pytest.param(
            "'\\nabla_w \\mathcal{L} = w - y'",
            "'$w - y$'",
            "steps[2].formula has a $ at character 1: formulas are written without $",
            id="dollar in a formula",
        ),
        pytest.param(
            "id = 'half-square'",
            "id = 'square'",
            "id 'square' is not the file's name: write id = 'half-square', or rename the file",
            id="id and file name",
        ),
        pytest.param(
            "id = 'sign'",
            "id = 'Sign Lost'",
            "slips[1].id 'Sign Lost' is not a name: use small letters, digits and single hyphens, "
            "such as 'sign-lost'",
            id="not a name",
        ),
        pytest.param(
            "number = '1'",
            "number = 'one'",
            "steps[1].number 'one' is not a step number: write '2', or '2a' for a part of step 2",
            id="not a step number",
        ),
        pytest.param(
            "number = '1'",
            "number = '2'",
            "steps[2].number '2' is already used by steps[1]: choose another",
            id="step number twice",
        ),
        pytest.param(
            "[[followups]]",
            "[[slips]]\nid = 'sign'\nstep = '1'\nwrong = 'x'\nexplanation = 'e'\n[[followups]]",
            "slips[2].id 'sign' is already used by slips[1]: choose another",
            id="slip id twice",
        ),
        pytest.param(
            "step = '2'",
            "step = '3'",
            "slips[1].step '3' is not a step of this derivation: use one of 1, 2",
            id="slip of an unknown step",
        ),
        pytest.param(
            "load_bearing = true",
            "",
            "steps has no load-bearing step: "
            "add load_bearing = true to the one that an interviewer waits for",
            id="nothing load-bearing",
        ),
        pytest.param(
            "load_bearing = true",
            "load_bearing = true\nmust = false",
            "steps[2].must is false for a load-bearing step: take must = false out",
            id="load-bearing but optional",
        ),
        pytest.param(
            "minutes = 4",
            "minutes 4",
            "line 5, column 9: not TOML (Expected '=' after a key in a key/value pair): "
            "put text in '…' (or '''…''' if it has an apostrophe), one key = value a line",
            id="syntax",
        ),
    ],
)
def test_it_names_field_and_remedy(content: Path, old: str, new: str, problem: str) -> None:
    write_derivation(content, "half-square.toml", changed(old, new))

    assert messages(content) == [f"content/derivations/half-square.toml: {problem}"]


def test_it_reports_all_problems_of_a_file_at_once(content: Path) -> None:
    text = changed("minutes = 4", "minutes = '4'").replace("year = 2004", "year = 'soon'")
    write_derivation(content, "half-square.toml", text)

    assert messages(content) == [
        "content/derivations/half-square.toml: "
        "minutes must be a whole number without quotes: write minutes = 5",
        "content/derivations/half-square.toml: "
        "reading[1].year must be a whole number without quotes: write year = 2006",
    ]


def test_an_empty_list_of_givens(content: Path) -> None:
    block = "\n[[givens]]\ntex = 'w \\in \\mathbb{R}'\nnote = 'the weight'\n"
    text = changed(block, "").replace("minutes = 4", "minutes = 4\ngivens = []")
    write_derivation(content, "half-square.toml", text)

    assert messages(content) == [
        "content/derivations/half-square.toml: "
        "givens is empty: add a block that starts with [[givens]]"
    ]


def test_a_file_that_stops_in_the_middle(content: Path) -> None:
    write_derivation(content, "half-square.toml", "id = 'half-square'\ntitle = '''Half")

    assert messages(content) == [
        "content/derivations/half-square.toml: line 2, column 16: "
        "not TOML (Expected \"'''\"): "
        "put text in '…' (or '''…''' if it has an apostrophe), one key = value a line"
    ]


def test_a_file_that_is_not_utf_8(content: Path) -> None:
    path = content / "derivations" / "half-square.toml"
    path.write_bytes(HALF_SQUARE.replace("Result", "Résultat").encode("latin-1"))

    assert [str(error) for error in load_library(content).errors] == [
        "content/derivations/half-square.toml: "
        "line 22: not UTF-8: save the file with UTF-8 encoding"
    ]


def test_a_file_that_is_too_large(content: Path) -> None:
    write_derivation(content, "half-square.toml", HALF_SQUARE + "#" * 256 * 1024)

    assert messages(content) == [
        "content/derivations/half-square.toml: larger than 256 KB: split it, or shorten its texts"
    ]


def test_a_file_that_nobody_can_parse(content: Path) -> None:
    write_derivation(content, "half-square.toml", "id = " + "[" * 100_000)

    assert messages(content) == [
        "content/derivations/half-square.toml: "
        "not readable as TOML: take out the deep nesting or the huge number"
    ]


def test_a_folder_in_place_of_a_file(content: Path) -> None:
    (content / "derivations" / "ols.toml").mkdir()

    assert messages(content) == [
        "content/derivations/ols.toml: cannot be read (not a file): "
        "check that it is a file that you may open"
    ]


def test_a_folder_without_derivations(tmp_path: Path) -> None:
    assert messages(tmp_path / "content") == [
        "content/derivations: no derivation here: write one as README.md shows"
    ]


def test_a_place_in_the_drill_that_is_taken_belongs_to_the_derivation_of_the_source(
    content: Path,
) -> None:
    text = HALF_SQUARE.replace("'half-square'", "'ols'")
    write_derivation(content, "ols.toml", text)

    assert messages(content) == [
        "content/derivations/half-square.toml: drill 8 is already the place of ols.toml: "
        "choose another, or take drill out"
    ]


def test_a_row_of_the_gotcha_table_about_nothing_known(content: Path) -> None:
    (content / "gotchas.toml").write_text(ROW + ROW.replace("half-square", "olz"))

    assert messages(content) == [
        "content/gotchas.toml: rows[2].derivation 'olz' is not a derivation: "
        "use one of attention, bias-variance, dpo, elbo, em-gmm, half-square, information-gain, "
        "kl-divergence, logistic-regression, mlp-backprop, ols, pca-svd, rope, svm-dual"
    ]


def test_a_row_of_the_gotcha_table_that_lacks_a_field(content: Path) -> None:
    (content / "gotchas.toml").write_text(ROW.replace("wrong = 'No.'", ""))

    assert messages(content) == ["content/gotchas.toml: rows[1].wrong is missing: add wrong = '…'"]


def test_it_names_the_line(content: Path) -> None:
    """Of the field, or of the block that lacks it."""
    write_derivation(content, "half-square.toml", changed("difficulty = 1\n", ""))
    write_derivation(content, "half-square.toml", changed("minutes = 4", "minutes = 400"))
    lines = HALF_SQUARE.split("\n")

    (problem,) = load_library(content).errors

    assert f".toml: line {lines.index('minutes = 4') + 1}: minutes is 400: " in str(problem)
