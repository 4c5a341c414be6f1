"""A tree as one line of text, with every bracket that the reader decided on.

>>> from app.checker.reading.tree import Name, Product, Transpose
>>> outline(Product((Transpose(Name("X")), Name("y"))))
'(* (T X) y)'
"""

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


def outline(node: Node | None) -> str:
    match node:
        case Number(value=value):
            return f"{value:g}"
        case Name():
            return _name(node)
        case Call(name=name, args=args, marks=marks):
            return f"{_name(name)}({_marked(args, marks)})"
        case Component(body=body, subs=subs):
            return _list("entry", body, *subs)
        case Sub(node=inner):
            return outline(inner)
        case Add(terms=terms):
            return _list("+", *terms)
        case Negate(body=body):
            return _list("-", body)
        case Product(factors=factors, op=op):
            return _list(op or "*", *factors)
        case Divide(top=top, bottom=bottom):
            return _list("/", top, bottom)
        case Power(base=base, exponent=exponent):
            return _list("^", base, exponent)
        case Transpose(base=base):
            return _list("T", base)
        case Function(name=name, body=body, subs=subs, primes=primes):
            return _list(name + "'" * primes + "".join(f"_{outline(sub)}" for sub in subs), body)
        case Norm(body=body, kind=kind):
            return _list(f"norm{kind}", body)
        case Bars(body=body):
            return _list("bars", body)
        case Inner(left=left, right=right):
            return _list("inner", left, right)
        case _:
            return _binding(node)


def _binding(node: Node | None) -> str:
    match node:
        case Sum(kind=kind, indices=indices, conditions=conditions, body=body):
            return _list(kind, *indices, *conditions, body)
        case Index(name=name, low=low, high=high):
            start = "" if low is None else f"={outline(low)}"
            return _name(name) + start + ("" if high is None else f"..{outline(high)}")
        case Optimum(kind=kind, variables=variables, body=body, conditions=conditions):
            return _list(kind, *variables, *conditions, body)
        case Expectation(kind=kind, draws=draws, args=args, given=given):
            return _list(kind, *draws, *args) + "".join(f"|{outline(one)}" for one in given)
        case Draw(variables=variables, law=law):
            drawn = ",".join(map(outline, variables))
            return drawn + ("" if law is None else f"~{outline(law)}")
        case Divergence(left=left, right=right):
            return _list("KL", left, right)
        case Derivative(by=by, body=body):
            return _list("/".join(["d", *map(outline, by)]), body)
        case At(body=body, conditions=conditions):
            return _list("at", body, *conditions)
        case Chain(sides=sides, relations=relations) if len(sides) == len(relations):
            return " ".join(
                ["…", *(f"{r} {outline(s)}" for r, s in zip(relations, sides, strict=True))]
            )
        case Chain(sides=sides, relations=relations):
            return _marked(sides, relations)
        case _:
            return _collected(node)


def _collected(node: Node | None) -> str:
    match node:
        case ListOf(items=items, mark=mark):
            return f"[{mark.join(map(outline, items))}]"
        case Matrix(rows=rows):
            return f"[{';'.join(','.join(map(outline, row)) for row in rows)}]"
        case Cases(rows=rows):
            return _list("cases", *(one for row in rows for one in (row.value, row.condition)))
        case Indicator(condition=condition):
            return _list("1", condition)
        case Range(low=low, high=high):
            return f"{outline(low)}..{outline(high)}"
        case SetOf(kind="values", items=items, power=power):
            return f"{{{','.join(map(outline, items))}}}{_dims(power)}"
        case SetOf(name=name, power=power):
            return name + _dims(power)
        case Assigned(name=name, value=value):
            return f"{outline(name)}={outline(value)}"
        case Differential(name=name):
            return f"d{outline(name)}"
        case Dots():
            return "..."
        case Placeholder():
            return "."
        case None:
            return "otherwise"
    raise AssertionError(f"no outline for {type(node).__name__}")


def _name(name: Name) -> str:
    subs = ",".join(outline(sub) for sub in name.subs)
    text = name.base + (f"_{{{subs}}}" if subs else "")
    return text + (f"^{name.sup}" if name.sup else "") + "'" * name.primes


def _list(head: str, *nodes: Node | None) -> str:
    return f"({' '.join([head, *map(outline, nodes)])})"


def _marked(nodes: tuple[Node, ...], marks: tuple[str, ...]) -> str:
    first, *rest = map(outline, nodes)
    return first + "".join(f" {mark} {one}" for mark, one in zip(marks, rest, strict=True))


def _dims(power: tuple[Node, ...]) -> str:
    return f"^{'x'.join(map(outline, power))}" if power else ""
