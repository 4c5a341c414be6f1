"""A line into tokens: kinds, places, what is dropped, and what KaTeX would refuse."""

import pytest

from app.checker.reading.tokens import MAX_LINE_CHARACTERS, MAX_TOKENS, Token, tokenize
from tests.checker.helpers import assert_fails_at, assert_unclear


def tokens(tex: str, *words: str) -> list[Token]:
    *found, end = tokenize(tex, frozenset(words))
    assert (end.kind, end.start, end.end) == ("end", len(tex), len(tex))
    return found


def texts(tex: str, *words: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokens(tex, *words)]


def test_a_token_knows_its_place() -> None:
    tex = r"\hat w_{12} = 3.5"

    assert [(one.text, tex[one.start : one.end]) for one in tokens(tex)] == [
        ("hat", r"\hat"),
        ("w", "w"),
        ("_", "_"),
        ("{", "{"),
        ("12", "12"),
        ("}", "}"),
        ("=", "="),
        ("3.5", "3.5"),
    ]


def test_letters_are_a_product_unless_they_are_a_known_word() -> None:
    assert texts("IG", "IG") == [("word", "IG")]
    assert texts("IG") == [("letter", "I"), ("letter", "G")]
    assert texts("exp") == [("word", "exp")]


@pytest.mark.parametrize("word", ["so", "hence", "therefore", "The", "gradient", "substituting"])
def test_a_plain_word_is_a_remark(word: str) -> None:
    assert texts(f"{word} w") == [("remark", word), ("letter", "w")]


def test_a_word_in_a_script_is_letters() -> None:
    assert texts("w_{so}")[3:5] == [("letter", "s"), ("letter", "o")]


@pytest.mark.parametrize("command", ["text", "mbox", "textnormal"])
def test_text_is_one_remark(command: str) -> None:
    assert texts(rf"\{command}{{so {{x}} then}} w") == [("remark", "so {x} then"), ("letter", "w")]


def test_with_dollars_what_is_outside_is_prose() -> None:
    assert texts("we find $w$, by $x$") == [
        ("remark", "we find"),
        ("letter", "w"),
        ("remark", ", by"),
        ("letter", "x"),
    ]
    assert texts(r"\text{for $i$} w") == [("remark", "for $i$"), ("letter", "w")]


def test_a_condition_in_a_remark_is_a_formula_in_its_place() -> None:
    tex = r"w \text{ if $x_2 = 1$, so}"

    assert [(one.kind, tex[one.start : one.end]) for one in tokens(tex)] == [
        ("letter", "w"),
        ("remark", r"\text{ if $"),
        ("letter", "x"),
        ("symbol", "_"),
        ("number", "2"),
        ("symbol", "="),
        ("number", "1"),
        ("remark", ", so}"),
    ]


def test_sizes_spaces_tags_and_comments_say_nothing() -> None:
    plain = texts("(w)")

    assert texts(r"\left( w \right)") == plain
    assert texts(r"\bigl(\displaystyle w\bigr)") == plain
    assert texts(r"(\color{red}{}w)")[0] == plain[0]
    assert texts(r"( w ) \tag{1} \label{eq}") == plain
    assert texts("(w) % = 3") == plain
    assert texts(r"\left. w \right)") == plain[1:]


@pytest.mark.parametrize("tex", [r"x^\mathrm{T}", r"x^\frac12", r"x^\text{T}", "x^-", r"x_\theta"])
def test_a_script_may_do_without_braces(tex: str) -> None:
    assert texts(tex)[1][0] == "symbol"


def test_sizes_stand_before_brackets_of_all_kinds() -> None:
    assert texts(r"\big\| \Big/ \bigl\langle \bigg.") == texts(r"\| / \langle")


def test_a_token_knows_the_space_before_it() -> None:
    assert [token.space for token in tokens(r"a b \, c \quad d")] == ["", "", "thin", "wide"]


@pytest.mark.parametrize(
    ("pasted", "command"),
    [
        ("≤", r"\le"),
        ("∇", r"\nabla"),
        ("σ", r"\sigma"),
        ("−", "-"),
        ("||", r"\|"),
        (":=", r"\coloneqq"),
        ("⊤", r"\top"),
        ("...", r"\dots"),
        (r"\succcurlyeq", r"\succeq"),
        (r"\R", r"\mathbb R"),
    ],
)
def test_pasted_symbols_are_commands(pasted: str, command: str) -> None:
    assert texts(pasted) == texts(command)


def test_an_environment_in_braces_has_its_own_tabs() -> None:
    assert ("symbol", "&") in texts(r"{\begin{matrix} a & b \end{matrix}}")


def test_a_remark_that_is_a_script_stays_whole() -> None:
    assert texts(r"w_\text{if $i = j$}")[2:] == [("remark", "if $i = j$")]


def test_two_signs_make_the_one_of_independence() -> None:
    assert texts(r"x \perp\!\!\!\perp y") == texts(r"x \perp y")


def test_a_star_after_a_command_is_ignored() -> None:
    assert texts(r"\operatorname*{arg}")[0] == ("command", "operatorname")


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        (r"w = ⟪\foo⟫{x}", r"\foo is not a command that KaTeX knows"),
        (r"w = a ⟪\⟫", "a backslash at the end"),
        ("w = a ⟪@⟫ b", "the character '@' is not part of a formula"),
        ("w = ⟪é⟫", "the character 'é' is not part of a formula"),
        ("w = ⟪\0⟫", r"the character '\x00' is not part of a formula"),
        (r"⟪\text⟫ w", "a group in braces is missing here"),
        (r"\text⟪{⟫a", "this brace is never closed: add }"),
        (r"a^⟪{⟫-1", "this brace is never closed: add }"),
        (r"\frac{a}{b⟪{⟫", "this brace is never closed: add }"),
        (r"\frac{1}{⟪&⟫ b}", "an & inside of braces: take it out"),
        ("w = ⟪}⟫", "} without { before it: take it out"),
        (r"⟪\left⟫( a", r"\left without \right: add \right) or \right."),
        (r"a ⟪\right⟫)", r"\right without \left before it"),
        (r"a ⟪\left⟫", r"\left needs a bracket after it"),
        (r"⟪\left⟫\left( a \right)", r"\left needs a bracket after it"),
        (r"\left( a ⟪\right⟫ = 1", r"\right needs a bracket after it"),
        (r"\left( a ⟪\middle⟫ b \right)", r"\middle needs a bracket after it"),
        (r"a ⟪\middle⟫| b", r"\middle without \left before it"),
        (r"⟪\Big⟫ Q_i", r"\Big needs a bracket after it"),
        (r"a ⟪\biggr⟫", r"\biggr needs a bracket after it"),
        ("a⟪_⟫", "the subscript is missing here"),
        ("a⟪^⟫", "the superscript is missing here"),
        (r"a⟪_⟫ \qquad b", "the subscript is missing here"),
        (r"\underbrace{a}_{b⟪_⟫}", "the subscript is missing here"),
        (r"\|a\|⟪_⟫^2", "the subscript is missing here"),
        ("a⟪^⟫ & b", "the superscript is missing here"),
        (r"a⟪^⟫ \\ b", "the superscript is missing here"),
        (r"a⟪^⟫\left(b\right)", "the superscript is missing here"),
        (r"X^ ⟪\hat⟫ y", r"\hat needs braces around it as a superscript"),
        (r"\hat⟪\mathbf⟫{x}", r"\mathbf needs braces around it after \hat"),
        (r"\mathcal⟪\mathcal⟫ L", r"\mathcal needs braces around it after \mathcal"),
        (r"X_⟪\sum⟫", r"\sum needs braces around it as a subscript"),
        ("⟪$⟫w = a", "a $ without a partner: take it out, or close it"),
        ("$w$ or ⟪$⟫x", "a $ without a partner: take it out, or close it"),
    ],
)
def test_broken_latex_is_pointed_at(marked: str, message: str) -> None:
    assert_fails_at(marked, message, how=tokenize)


def test_there_is_a_longest_line() -> None:
    assert_unclear(" " * 2001, f"it is longer than {MAX_LINE_CHARACTERS} characters", how=tokenize)
    assert_unclear("x" * 601, f"it has more than {MAX_TOKENS} symbols", how=tokenize)
