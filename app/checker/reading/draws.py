"""Expectations, variances and probabilities with what is drawn, and the KL divergence."""

from app.checker.failures import Unclear, Unreadable
from app.checker.reading.brackets import read_argument, read_arguments, read_group, read_items
from app.checker.reading.grammar import Grammar
from app.checker.reading.lookahead import holds_condition
from app.checker.reading.operators import read_body
from app.checker.reading.tokens import Token
from app.checker.reading.tree import Divergence, Draw, Expectation, Name, Node, Power


def read_expectation(reader: Grammar, kind: str) -> Node:
    """What follows the letter E, Var, Cov or P, which is `kind`."""
    start = reader.last
    draws: tuple[Draw, ...] = ()
    power: Node | None = None
    seen: set[str] = set()
    while reader.at("_", "^"):
        if reader.take_mark(seen) == "_":
            draws = _read_draws(reader)
        else:
            power = read_group(reader)
    args: tuple[Node, ...]
    given: tuple[Node, ...] = ()
    if holds_condition(reader):
        args, given = _read_conditional(reader)
    elif kind == "E" and reader.at("("):
        # `E (a)^2` is the mean of a square, unlike `E[a]^2`.
        args = (reader.factor(),)
    elif reader.at("[", "(") or reader.at_command("{", "lbrace", "lbrack"):
        args = read_items(reader)
    else:
        args = (read_body(reader),)
    made = Expectation(kind, draws, args, given, span=reader.span_from(start))
    return made if power is None else Power(made, power, span=reader.span_from(start))


def _read_conditional(reader: Grammar) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """`[y | x]` as what is averaged and what is given."""
    args, marks = read_arguments(reader)
    if "|" not in marks or {*marks} - {"|", ","}:
        raise Unclear("the bars in this bracket")
    bar = marks.index("|") + 1
    return args[:bar], args[bar:]


def _read_draws(reader: Grammar) -> tuple[Draw, ...]:
    if not reader.at("{"):
        node = read_argument(reader)
        return (Draw((), node, span=node.span),)
    opened = reader.take()
    draws: list[Draw] = []
    with reader.inside("group"):
        while not reader.at("}"):
            if reader.at_end:
                raise reader.never_closed(opened)
            if reader.next.kind == "remark":
                reader.take()
            elif not reader.accept(",", ";"):
                _read_draw(reader, draws)
    reader.expect("}", opened)
    return tuple(draws)


def _read_draw(reader: Grammar, draws: list[Draw]) -> None:
    r"""One of `x, y \sim p` or `z | x`, added to those before."""
    start = reader.next
    names = read_items(reader) if reader.at("(") else (reader.expression(),)
    if reader.accept_command("sim", "in"):
        law = reader.expression()
        # `x, y \sim p`: the names before belong to it too.
        while draws and not draws[-1].variables and isinstance(draws[-1].law, Name):
            names = (draws[-1].law, *names)
            draws.pop()
        draws.append(Draw(names, law, span=reader.span_from(start)))
    elif reader.accept("|") or reader.accept_command("mid"):
        # `\mathbb{E}_{z|x}`: the condition is said, not bound.
        reader.expression()
        draws.append(Draw(names, None, span=reader.span_from(start)))
    else:
        draws.extend(Draw((), name, span=reader.span_from(start)) for name in names)


def read_divergence(reader: Grammar, start: Token) -> Node:
    r"""What follows `\mathrm{KL}`, which began at `start`."""
    opened = reader.next
    if opened.kind == "command":
        raise Unclear("KL with braces for brackets: write KL( … )")
    args, _ = read_arguments(reader)
    if len(args) != 2:
        raise Unreadable(
            r"KL compares two distributions: write \mathrm{KL}(p \| q)", opened.start, opened.end
        )
    return Divergence(args[0], args[1], span=reader.span_from(start))
