"""A line into clauses: what it claims, and what it only says under which condition."""

import pytest

from app.checker.reading.lines import Clause
from tests.checker.helpers import assert_fails_at, line
from tests.checker.outline import outline


def shown(clause: Clause) -> str:
    words = [clause.role, *([clause.connector] if clause.connector != "," else [])]
    return f"{' '.join(words)}: {outline(clause.chain)}"


@pytest.mark.parametrize(
    ("tex", "clauses"),
    [
        ("a = b", ["claim: a = b"]),
        (r"a &= b \\", ["claim: a = b"]),
        (r"a \le b < c \neq d", ["claim: a <= b < c != d"]),
        ("a = b.", ["claim: a = b"]),
        ("a = b = c", ["claim: a = b = c"]),
        (r"a = b,\ c = d", ["claim: a = b", "claim: c = d"]),
        (r"a = b \quad c = d", ["claim: a = b", "claim: c = d"]),
        (r"a = b \text{ and } c = d", ["claim: a = b", "claim: c = d"]),
        ("= b", ["claim: … = b"]),
        ("&= b", ["claim: … = b"]),
        (r"\le b", ["claim: … <= b"]),
        (r"\begin{aligned} a &= b \\ &= c \end{aligned}", ["claim: a = b", "claim: … = c"]),
        (
            r"\begin{aligned} \max_w\ & a - b \\ \text{s.t. } & c = 1 \end{aligned}",
            ["claim: (max w (+ a (- b)))", "condition: c = 1"],
        ),
        (r"a &= b & + c \\ &- & d", ["claim: a = (+ b c (- d))"]),
        (r"a &= b + \\ & c", ["claim: a = (+ b c)"]),
        (r"a &= b & -c &= d", ["claim: a = b", "claim: (- c) = d"]),
        (r"\boxed{a = b}", ["claim: a = b"]),
        ("so a = b", ["claim: a = b"]),
        (r"\therefore a = b", ["claim implies: a = b"]),
        (r"a = b \implies c = d", ["claim: a = b", "claim implies: c = d"]),
        (r"a = b \iff c = d", ["claim: a = b", "claim iff: c = d"]),
        (r"a = b \because c = d", ["claim: a = b", "reason because: c = d"]),
        (r"a = b \text{ since } c = d", ["claim: a = b", "reason: c = d"]),
        ("Let a = b", ["let: a = b"]),
        (r"a = b, \text{ where } c = d", ["claim: a = b", "where: c = d"]),
        (r"a = b \text{ if } c = d", ["claim: a = b", "condition: c = d"]),
        (r"a = b \quad (i \ne j)", ["claim: a = b", "condition: i != j"]),
        (r"a = b \quad \forall i", ["claim: a = b", "condition: i"]),
        (r"\forall i: a = b", ["condition: i", "claim: a = b"]),
        (r"a = b \quad \forall i: c > 0", ["claim: a = b", "condition: i", "condition: c > 0"]),
        (r"a = b; \forall i: c = d", ["claim: a = b", "condition: i", "claim: c = d"]),
        (r"a = b \\ \forall i: c = d", ["claim: a = b", "condition: i", "claim: c = d"]),
        (r"\text{if $i \ne j$: } a = b", ["condition: i != j", "claim: a = b"]),
        (r"a = b \text{ (for $i \ne j$)}", ["claim: a = b", "condition: i != j"]),
        (
            r"a = b \text{ if $i = 1$}, c = d \text{ if $i ≥ 2$}",
            ["claim: a = b", "condition: i = 1", "claim: c = d", "condition: i >= 2"],
        ),
        (r"\text{each $X$ is square: } a = b", ["claim: a = b"]),
        (r"\text{since $c = d$: } a = b", ["claim: a = b"]),
        (r"\text{Case } c = d\text{: } a = b", ["condition: c = d", "claim: a = b"]),
        (r"\text{in this case } a = b", ["claim: a = b"]),
        (r"\text{gap } = a - b = c", ["claim: gap = (+ a (- b)) = c"]),
        (r"a = b, \text{gap} := c", ["claim: a = b", "claim: gap := c"]),
        (r"\text{Attn}(X, w) &= c", ["claim: Attn(X , w) = c"]),
        (r"\text{Jensen} \ge b", ["claim: … >= b"]),
        (r"\text{simplifying} = b", ["claim: … = b"]),
        (
            r"\min_w a \text{ s.t. } b = 1, c = 2",
            ["claim: (min w a)", "condition: b = 1", "condition: c = 2"],
        ),
        (r"a = b \text{ with equality iff } c = d", ["claim: a = b", "aside: c = d"]),
        # A bracket that opens in words closes behind a formula.
        (
            r"a \le b \text{ (equality iff } c = d), b = 1",
            ["claim: a <= b", "aside: c = d", "claim: b = 1"],
        ),
        (r"a = b \text{ (if } c = d \text{ [see above])}", ["claim: a = b", "condition: c = d"]),
        (r"\text{equality iff $c = d$; in general } a = b", ["claim: a = b"]),
        (r"\text{since } \log \text{ is concave: } a \le b", ["claim: a <= b"]),
        (r"\log \text{ is concave, so } a \le b", ["claim: a <= b"]),
        (
            r"a = b \because \log \text{ is concave}, c = d",
            ["claim: a = b", "claim because: c = d"],
        ),
        (r"\log \text{odds} = a", ["claim: (log odds) = a"]),
        (r"a = b \quad (d \times n)", ["claim: a = b"]),
        ("the gradient is $a = b$ and so on", ["claim: a = b"]),
        ("$$a = b$$", ["claim: a = b"]),
        (r"\[a = b\]", ["claim: a = b"]),
        (r"a = b \tag{1}", ["claim: a = b"]),
        (r"a = \underbrace{b}_{= c} + d", ["claim: a = (+ b d)", "label: b = c"]),
        (r"a = \underbrace{b}_{\text{the gap}} + d", ["claim: a = (+ b d)"]),
        (r"a \in \mathbb{R}^{n \times d}", ["claim: a in R^nxd"]),
        (r"a \in \{0, 1\}", ["claim: a in {0,1}"]),
        (r"i = 1, 2, \dots, n", ["claim: i = 1..n"]),
        (r"i \in \{1, \dots, n\}", ["claim: i in 1..n"]),
        ("chain rule", []),
        (r"\text{the chain rule}", []),
        ("", []),
    ],
)
def test_a_line_claims(tex: str, clauses: list[str]) -> None:
    assert [shown(clause) for clause in line(tex).clauses] == clauses


@pytest.mark.parametrize(
    ("tex", "relation"),
    [
        ("a := b", ":="),
        (r"a \coloneqq b", ":="),
        (r"a \triangleq b", ":="),
        (r"a \overset{\text{def}}{=} b", ":="),
        (r"a \stackrel{(1)}{=} b", "="),
        (r"a \overset{!}{=} 0", "="),
        (r"a \equiv b", "="),
        (r"a \geqslant b", ">="),
        ("a <= b", "<="),
        (r"a \not= b", "!="),
        (r"a \propto b", "propto"),
        (r"a \succeq 0", "psd"),
        (r"a \leftarrow b", "<-"),
        (r"a \approx b", "~"),
    ],
)
def test_relations(tex: str, relation: str) -> None:
    (clause,) = line(tex).clauses

    assert clause.chain.relations == (relation,)


def test_remarks_are_kept() -> None:
    assert line(r"hence $a = b$ \text{ by the chain rule}").remarks == (
        "hence",
        " by the chain rule",
    )


def test_a_clause_knows_its_place() -> None:
    tex = r"\text{so } a = b, \quad c = d"
    first, second = line(tex).clauses

    assert tex[first.span.start : first.span.end] == "a = b"
    assert tex[second.span.start : second.span.end] == "c = d"


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        (
            r"⟪\begin{aligned} a &= b⟫",
            r"\begin{aligned} is never ended: add \end{aligned}",
        ),
        (r"a = b ⟪\end{aligned}⟫", r"\end{aligned} without \begin{aligned}"),
        (r"w \in ⟪\{⟫1", r"this brace is never closed: add \}"),
        ("w = a⟪)⟫", ") has no partner before it: take it out"),
        (r"a = b ⟪\implies⟫", "nothing follows from it: the line stops"),
        (r"a = b \quad ⟪\forall⟫", "it is said of nothing: the line stops"),
        (r"a = b ⟪\exists⟫", "it is said of nothing: the line stops"),
        (r"a ⟪\stackrel{!}⟫", r"\stackrel takes two groups: the second is missing"),
    ],
)
def test_a_broken_line_is_pointed_at(marked: str, message: str) -> None:
    assert_fails_at(marked, message)
