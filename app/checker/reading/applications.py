"""Functions of the field, and what they are applied to."""

from app.checker.reading.brackets import read_bracketed, read_group
from app.checker.reading.commands import FRACTIONS, FUNCTION_ALIASES, FUNCTIONS, SUMS
from app.checker.reading.grammar import Grammar
from app.checker.reading.lookahead import starts_factor
from app.checker.reading.scripts import read_scripted, read_subscript
from app.checker.reading.tokens import Token
from app.checker.reading.tree import (
    Call,
    Divide,
    Expectation,
    Function,
    Name,
    Negate,
    Node,
    Optimum,
    Power,
    Product,
    Sub,
    Sum,
    walk,
)

_ANGLES = frozenset(["theta", "phi", "omega", "alpha", "vartheta"])
_OF_ANGLES = ("cos", "sin", "tan")
_TIMES = ("cdot", "times")
# Scripts after their brackets belong to the value.
_SCRIPTED = ("det", "tr", "diag", "softmax")
_ENDS_ARGUMENT = (
    FUNCTIONS | SUMS.keys() | {"max", "min", "arg", "nabla", "partial", "mathbb", "{", "|"}
)


def read_function(reader: Grammar, name: str) -> Node:
    r"""What follows the name: `\log x`, `\sin^2 x`, `\mathrm{softmax}_j(z)`."""
    start = reader.last
    name = FUNCTION_ALIASES.get(name, name)
    subs: tuple[Sub, ...] = ()
    power: Node | None = None
    primes = 0
    seen: set[str] = set()
    while reader.at("_", "^", "'"):
        mark = reader.take_mark(seen)
        if mark == "'":
            primes += 1
        elif mark == "_":
            subs = read_subscript(reader)
        else:
            power = read_group(reader)
    body = _read_applied(reader, name)
    if name == "log" and reader.at("^"):
        # The power in `\log(x)^2` is of the logarithm, or of x.
        reader.met.add("power in a function")
        if "power in a function" in reader.choices:
            body = read_scripted(reader, body)
    made: Node = Function(name, body, subs, primes, span=reader.span_from(start))
    if power is not None:
        made = Power(made, power, span=reader.span_from(start))
    return read_scripted(reader, made) if name in _SCRIPTED or reader.at("^") else made


def _read_applied(reader: Grammar, name: str) -> Node:
    r"""What a function with or without brackets is applied to.

    `\log \frac{p}{q}` ends with the fraction, `\log \pi_k \mathcal{N}(…)` takes the product,
    `\cos m\theta` and `\cos(n-m)\theta` end with the angle.
    """
    of_angle = name in _OF_ANGLES
    if reader.at("(", "[") or reader.at_command("{", "lbrace"):
        inside = read_bracketed(reader)
        if of_angle and _is_angle(reader.next) and not _has_angle(inside):
            return Product((inside, reader.factor()), span=inside.span)
        return inside
    start = reader.next
    if reader.accept("-"):
        return Negate(_read_applied(reader, name), span=reader.span_from(start))
    first = reader.factor()
    if isinstance(first, Divide) and _at_fraction(reader):
        return _read_fractions(reader, first, start)
    if isinstance(first, Divide | Sum | Expectation | Optimum) or (of_angle and _has_angle(first)):
        return first
    factors = [first]
    while _continues(reader):
        reader.met.add("narrow function")
        if "narrow function" in reader.choices:
            break
        factors.append(reader.factor())
        if of_angle and _has_angle(factors[-1]):
            break
    body = reader.joined(factors, start)
    if reader.at("/"):
        return _read_quotient(reader, body, start)
    return body


def _read_quotient(reader: Grammar, body: Node, start: Token) -> Node:
    r"""`\log x/2` is read both ways, and `\log p/q` as it is meant: a bound would be true of one
    reading and false of the other."""
    following = reader.ahead(1)
    both = [body, Name(following.text)]
    are_functions = all(_is_function(reader, one) for one in both)
    if not are_functions:
        reader.met.add("quotient in a function")
        if "quotient in a function" not in reader.choices:
            return body
    reader.take()
    return Divide(body, reader.factor(), span=reader.span_from(start))


def _is_function(reader: Grammar, node: Node) -> bool:
    name = node.name if isinstance(node, Call) else node
    return isinstance(name, Name) and name.base in reader.vocabulary.calls


def _read_fractions(reader: Grammar, first: Node, start: Token) -> Node:
    r"""`\log \frac{a}{b} \cdot \frac{c}{d}` ends with the first fraction, or with the last."""
    reader.met.add("wide function")
    factors = [first]
    while "wide function" in reader.choices and _at_fraction(reader):
        reader.accept_command(*_TIMES)
        factors.append(reader.factor())
    return reader.joined(factors, start)


def _at_fraction(reader: Grammar) -> bool:
    following = reader.ahead(1)
    if reader.at_command(*_TIMES):
        return following.kind == "command" and following.text in FRACTIONS
    return reader.at_command(*FRACTIONS)


def _continues(reader: Grammar) -> bool:
    """Whether the next factor belongs to the argument without brackets."""
    token = reader.next
    if not starts_factor(reader) or token.space == "wide":
        return False
    if token.kind == "word":
        return token.text in reader.vocabulary.words
    if token.kind == "command":
        return token.text not in _ENDS_ARGUMENT
    return token.kind != "remark" and not token.is_symbol("(", "[", "|")


def _is_angle(token: Token) -> bool:
    return token.kind == "command" and token.text in _ANGLES


def _has_angle(node: Node) -> bool:
    return any(isinstance(one, Name) and one.base in _ANGLES for one in walk(node))
