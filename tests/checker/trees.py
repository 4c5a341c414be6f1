"""Any tree over the vocabulary of these tests, as the reader would make it."""

from hypothesis import strategies as st

from app.checker.reading.tree import (
    Add,
    Bars,
    Call,
    Case,
    Cases,
    Chain,
    Component,
    Derivative,
    Divergence,
    Divide,
    Draw,
    Expectation,
    Function,
    Index,
    Indicator,
    Inner,
    Matrix,
    Name,
    Negate,
    Node,
    Norm,
    Number,
    Optimum,
    Power,
    Product,
    Sub,
    Sum,
    Transpose,
)

LETTERS = ["i", "j", "k", "m", "n", "r"]
FUNCTIONS = ["log", "exp", "sqrt", "tanh", "tr", "diag", "det", "softmax", "sigmoid", "pinv"]


def _sub(letter: str) -> Sub:
    return Sub(Name(letter), letter)


def _number(value: float) -> Number:
    return Number(float(value))


letters = st.sampled_from(LETTERS).map(Name)
numbers = st.one_of(st.integers(0, 20), st.sampled_from([0.5, 2.25])).map(_number)
subs = st.lists(st.sampled_from(LETTERS).map(_sub), max_size=2).map(tuple)
names = st.one_of(
    st.builds(Name, st.sampled_from(["X", "x", "w", "y", "mu", "Sigma", "hat w", "cal L"]), subs),
    st.builds(Name, st.just("w"), sup=st.just("*")),
    st.builds(Name, st.just("W"), subs, st.sampled_from(["Q", "K"])),
    st.builds(Name, st.just("x"), subs, primes=st.integers(1, 2)),
)
laws = st.one_of(
    st.sampled_from(["p", "q"]).map(Name),
    st.builds(Call, st.sampled_from(["p", "q"]).map(Name), st.tuples(names), st.just(())),
)
leaves = st.one_of(names, numbers)


def _larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    two = st.lists(inner, min_size=2, max_size=3).map(tuple)
    conditions = st.builds(
        Chain, st.tuples(inner, inner), st.sampled_from([("=",), ("<=",), (">",), ("!=",)])
    )
    return st.one_of(
        st.builds(Add, two),
        st.builds(Negate, inner),
        st.builds(Product, two, st.sampled_from(["", "odot", "cdot"])),
        st.builds(Divide, inner, inner),
        st.builds(Power, inner, inner),
        st.builds(Transpose, inner.filter(_is_no_digit)),
        st.builds(
            Component,
            inner.filter(_is_no_bare_name).filter(_is_no_digit),
            st.lists(letters, min_size=1, max_size=2).map(_subs),
        ),
        st.builds(Function, st.sampled_from(FUNCTIONS), inner),
        st.builds(Norm, inner, st.sampled_from(["", "2", "F"])),
        st.builds(Bars, inner),
        st.builds(Inner, inner, inner),
        st.builds(
            Call,
            st.builds(Name, st.sampled_from(["p", "q", "sigma", "f"]), subs),
            st.tuples(inner, inner),
            st.sampled_from([(",",), ("|",)]),
        ),
        st.builds(Sum, st.sampled_from(["sum", "prod"]), _indices(inner), st.just(()), inner),
        st.builds(Optimum, st.sampled_from(["max", "argmin"]), st.tuples(names), inner),
        st.builds(Expectation, st.just("E"), _draws(), st.tuples(inner)),
        st.builds(Expectation, st.just("Cov"), st.just(()), st.tuples(inner, inner)),
        st.builds(Expectation, st.just("E"), _draws(), st.tuples(inner), st.tuples(names)),
        st.builds(Divergence, laws, laws),
        st.builds(Derivative, _variables(), inner),
        st.builds(
            Matrix, st.lists(two.map(lambda row: row[:2]), min_size=1, max_size=2).map(tuple)
        ),
        st.builds(
            Cases, st.tuples(st.builds(Case, inner, conditions), st.builds(Case, inner, st.none()))
        ),
        st.builds(Indicator, conditions),
    )


def _is_no_digit(node: Node) -> bool:
    r"""`1^\top` is a vector of ones, and `0_i` a zero with a shape."""
    return not isinstance(node, Number)


def _is_no_bare_name(node: Node) -> bool:
    """`(w)_i` is read as `w_i`."""
    return not isinstance(node, Name) or bool(node.subs or node.primes)


def _subs(items: list[Name]) -> tuple[Sub, ...]:
    return tuple(_sub(item.base) for item in items)


def _indices(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[tuple[Index, ...]]:
    return st.one_of(
        st.lists(st.builds(Index, letters), min_size=1, max_size=2).map(tuple),
        st.tuples(st.builds(Index, letters, inner, inner)),
    )


def _draws() -> st.SearchStrategy[tuple[Draw, ...]]:
    return st.one_of(
        st.just(()),
        st.tuples(st.builds(Draw, st.just(()), laws)),
        st.tuples(st.builds(Draw, st.tuples(names), laws)),
    )


def _variables() -> st.SearchStrategy[tuple[Name, ...]]:
    return st.one_of(st.tuples(names), names.map(lambda name: (name, name)))


trees = st.recursive(leaves, _larger, max_leaves=12)
