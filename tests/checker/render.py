r"""A tree back into LaTeX, with more brackets than anybody writes, so that it has one reading.

>>> from app.checker.reading.tree import Add, Name, Product
>>> render(Product((Name("X"), Add((Name("w"), Name("v"))))))
'{X} (w + v)'
"""

from collections.abc import Iterable

from app.checker.reading.commands import GREEK
from app.checker.reading.tree import (
    Add,
    Assigned,
    At,
    Bars,
    Call,
    Cases,
    Chain,
    Component,
    Derivative,
    Differential,
    Divergence,
    Divide,
    Dots,
    Draw,
    Expectation,
    Function,
    Index,
    Indicator,
    Inner,
    ListOf,
    Matrix,
    Name,
    Negate,
    Node,
    Norm,
    Number,
    Optimum,
    Placeholder,
    Power,
    Product,
    Range,
    SetOf,
    Sub,
    Sum,
    Transpose,
)

RELATIONS = {
    "<=": r"\le",
    ">=": r"\ge",
    "!=": r"\ne",
    "~": r"\approx",
    "psd": r"\succeq",
    "pd": r"\succ",
    "nsd": r"\preceq",
    "nd": r"\prec",
    "in": r"\in",
    "notin": r"\notin",
    "propto": r"\propto",
    "subset": r"\subset",
    "->": r"\to",
    "<-": r"\gets",
    "sim": r"\sim",
    "perp": r"\perp",
    "=:": r"\eqqcolon",
}
_MARKS = {"|": r"\mid", "||": r"\|", "succ": r"\succ"}
_OPERATORS = {"": " ", "odot": r" \odot ", "cdot": r" \cdot "}
_OWN_COMMAND = frozenset("log exp sin cos tan tanh sinh cosh arctan det".split())  # noqa: SIM905
_TIMES = r" \times "
_NEXT_ROW = r" \\ "
_BIG = {"sum": r"\sum", "prod": r"\prod"}
_OPTIMA = {"argmax": r"\arg\max", "argmin": r"\arg\min", "max": r"\max", "min": r"\min"}
_EXPECTATIONS = {"E": r"\mathbb{E}", "P": r"\mathbb{P}", "Var": r"\mathrm{Var}"}
# Said of them alone, what comes next could be taken for theirs.
_OPEN = (Add, Negate, Product, Sum, Optimum, Derivative, Function, Expectation, Differential)


def render(node: Node) -> str:
    """As a whole formula, or a line if it is a chain."""
    match node:
        case Chain(sides=(first, *rest), relations=relations):
            links = zip(relations, rest, strict=True)
            return " ".join([render(first), *(f"{_relation(r)} {render(s)}" for r, s in links)])
        case Add(terms=(first, *rest)):
            return _closed(first, Add | Optimum) + "".join(map(_added, rest))
        case Negate(body=body):
            return f"-{_closed(body, Add | Negate | Optimum)}"
        case Product(factors=factors, op=""):
            return _beside(factors)
        case Product(factors=factors, op=op):
            return _OPERATORS[op].join(map(_factor, factors))
        case _:
            return _binding(node)


def _added(term: Node) -> str:
    if isinstance(term, Negate):
        return f" - {_closed(term.body, Add | Negate | Optimum)}"
    return f" + {_closed(term, Add | Optimum)}"


def _closed(node: Node, kinds: object) -> str:
    return f"({render(node)})" if isinstance(node, kinds) else render(node)  # type: ignore[arg-type]


def _beside(factors: Iterable[Node]) -> str:
    """A name in front of a bracket goes into braces, as it is no function."""
    texts = list(map(_factor, factors))
    following = [*texts[1:], ""]
    return " ".join(
        f"{{{text}}}" if after.startswith(("(", "[", "{")) and not text.endswith(")") else text
        for text, after in zip(texts, following, strict=True)
    )


def _factor(node: Node) -> str:
    return f"({render(node)})" if isinstance(node, _OPEN) else render(node)


def _base(node: Node) -> str:
    """What a script may be put on."""
    if isinstance(node, Number | Call) or (
        isinstance(node, Name) and not node.sup + "'" * node.primes
    ):
        return render(node)
    return f"{{{render(node)}}}" if isinstance(node, Name) else f"({render(node)})"


def _binding(node: Node) -> str:
    match node:
        case Sum(kind="integral", indices=indices, body=body):
            variables = "".join(rf" \mathrm{{d}} {render(index.name)}" for index in indices)
            return rf"\int ({render(body)}) \,{variables}"
        case Sum(kind=kind, indices=indices, conditions=conditions, body=body):
            high = next((index.high for index in indices if index.high is not None), None)
            above = "" if high is None else f"^{{{render(high)}}}"
            return f"{_BIG[kind]}{_below(*indices, *conditions)}{above} ({render(body)})"
        case Index(name=name, low=low):
            return render(name) + ("" if low is None else f" = {render(low)}")
        case Optimum(kind=kind, variables=(), body=ListOf(items=items)):
            return f"{_OPTIMA[kind]}({_listed(items)})"
        case Optimum(kind=kind, variables=variables, conditions=conditions, body=body):
            inner = f"({render(body)})" if variables else f"{{{render(body)}}}"
            return f"{_OPTIMA[kind]}{_below(*variables, *conditions)} {inner}"
        case Expectation(kind=kind, draws=draws, args=args, given=given):
            sign = _EXPECTATIONS.get(kind, rf"\mathrm{{{kind}}}")
            behind = rf" \mid {_listed(given)}" if given else ""
            return f"{sign}{_below(*draws)}[{_listed(args)}{behind}]"
        case Draw(variables=variables, law=None):
            return f"{_listed(variables)} | {_listed(variables[:1])}"
        case Draw(variables=variables, law=law) if law is not None:
            return rf"{_listed(variables)} \sim {render(law)}" if variables else render(law)
        case Derivative(by=(one, two), body=body) if one == two:
            return rf"\nabla{_below(*([] if one == Name('') else [one]))}^2 ({render(body)})"
        case Derivative(by=by, body=body):
            return rf"\nabla{_below(*by)} ({render(body)})"
        case _:
            return _applied(node)


def _applied(node: Node) -> str:
    match node:
        case Function(name="sqrt", body=body):
            return rf"\sqrt{{{render(body)}}}"
        case Function(name="pinv", body=body):
            return f"{_base(body)}^{{+}}"
        case Function(name=name, body=body, subs=subs, primes=primes):
            command = rf"\{name}" if name in _OWN_COMMAND else rf"\mathrm{{{name}}}"
            return f"{command}{_below(*subs)}{primes * chr(39)}({render(body)})"
        case Call(name=name, args=(first, *rest), marks=marks):
            more = "".join(
                f" {_MARKS.get(mark, mark)} {render(arg)}"
                for mark, arg in zip(marks, rest, strict=True)
            )
            return f"{render(name)}({render(first)}{more})"
        case Transpose(base=base):
            return rf"{_base(base)}^\top"
        case Power(base=base, exponent=exponent):
            # In braces of its own, an upright word is no label: `\mathrm{tr}(X)`.
            return f"{_base(base)}^{{{{{render(exponent)}}}}}"
        case Component(body=body, subs=subs):
            return f"({render(body)}){_below(*subs)}"
        case Divide(top=top, bottom=bottom):
            return rf"\frac{{{render(top)}}}{{{render(bottom)}}}"
        case Norm(body=body, kind=kind):
            return rf"\lVert {render(body)} \rVert" + (f"_{{{kind}}}" if kind else "")
        case Bars(body=body):
            return rf"\lvert {render(body)} \rvert"
        case Inner(left=left, right=right):
            return rf"\langle {render(left)}, {render(right)} \rangle"
        case Divergence(left=left, right=right):
            return rf"\mathrm{{KL}}({render(left)} \| {render(right)})"
        case At(body=body, conditions=conditions):
            return rf"{_base(body)}\big|{_below(*conditions)}"
        case _:
            return _collected(node)


def _collected(node: Node) -> str:
    match node:
        case Matrix(rows=rows):
            return _environment("pmatrix", (" & ".join(map(render, row)) for row in rows))
        case Cases(rows=rows):
            return _environment(
                "cases",
                (
                    f"{render(row.value)} & "
                    + (r"\text{otherwise}" if row.condition is None else render(row.condition))
                    for row in rows
                ),
            )
        case ListOf(items=items, mark=mark):
            return f"[{f'{mark} '.join(map(render, items))}]"
        case Indicator(condition=condition):
            return rf"\mathbb{{1}}[{render(condition)}]"
        case Range(low=low, high=high):
            return rf"{render(low)}, \dots, {render(high)}"
        case SetOf(name="interval", items=items):
            return f"({_listed(items)})"
        case SetOf(kind="values", items=items, power=power):
            return rf"\{{{_listed(items)}\}}{_dims(power)}"
        case SetOf(kind="named", items=(item,)):
            return render(item)
        case SetOf(name=name, power=power):
            plus = "_+" if name.endswith("+") else ""
            return rf"\mathbb{{{name.rstrip('+')}}}{plus}{_dims(power)}"
        case _:
            return _atom(node)


def _atom(node: Node) -> str:
    match node:
        case Number(value=value):
            return r"\infty" if value == float("inf") else f"{value:g}"
        case Name(base=base, subs=subs, sup=sup, primes=primes):
            marks = "'" * primes if not sup else r"\prime" * primes
            above = f"^{{{sup}{marks}}}" if sup else marks
            return _letter(base) + _below(*subs) + above
        case Sub(node=Range(low=low, high=high)):
            return f"{render(low)}:{render(high)}"
        case Sub(node=inner):
            return render(inner)
        case Assigned(name=name, value=value):
            return f"{render(name)} = {render(value)}"
        case Differential(name=name):
            return f"d{render(name)}"
        case Placeholder():
            return r"\cdot"
        case Dots():
            return r"\dots"
    raise AssertionError(f"no LaTeX for {type(node).__name__}")


def _letter(base: str) -> str:
    accent, _, inner = base.rpartition(" ")
    if accent:
        command = {"cal": "mathcal", "bb": "mathbb", "ring": "mathring"}.get(accent, accent)
        return rf"\{command}{{{_letter(inner)}}}"
    if base == "ones":
        return r"\mathbf{1}"
    if base in GREEK or base == "ell":
        return rf"\{base} "
    return base if len(base) == 1 else rf"\mathrm{{{base}}}"


def _below(*items: Node) -> str:
    return f"_{{{_listed(items)}}}" if items else ""


def _listed(items: Iterable[Node]) -> str:
    return ", ".join(map(render, items))


def _dims(power: tuple[Node, ...]) -> str:
    return f"^{{{_TIMES.join(map(render, power))}}}" if power else ""


def _relation(relation: str) -> str:
    return RELATIONS.get(relation, relation)


def _environment(name: str, rows: Iterable[str]) -> str:
    return rf"{{\begin{{{name}}} {_NEXT_ROW.join(rows)} \end{{{name}}}}}"
