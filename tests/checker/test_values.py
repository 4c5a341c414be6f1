"""Numbers with named axes: which shapes fit, and when two values are in a relation."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.checker.computing.compare import Outcome, related
from app.checker.failures import Misfit, Unclear
from app.checker.world.values import (
    Value,
    add,
    aligned,
    divide,
    hadamard,
    multiply,
    number,
    reduced,
    renamed,
    stacked,
    transpose,
)

RNG = np.random.default_rng(3)


def random(*shape: int, axes: tuple[str, ...] = ()) -> Value:
    return Value(RNG.normal(size=shape), axes)


def column(*entries: float) -> Value:
    return Value(np.array(entries, dtype=float)[:, None])


IDENTITY = Value(np.ones((1, 1)), identity=True)


def same(value: Value, data: NDArray[np.float64]) -> bool:
    return value.data.shape == data.shape and bool(np.allclose(value.data, data))


def test_different_indices_make_a_table() -> None:
    x, y = random(3, 1, 1, axes=("i",)), random(4, 1, 1, axes=("j",))

    table = add(x, y)

    assert table.axes == ("i", "j")
    assert same(table, x.data[:, None] + y.data)


def test_one_index_is_shared() -> None:
    x, y = random(3, 1, 1, axes=("i",)), random(3, 1, 1, axes=("i",))

    assert same(multiply(x, y), x.data * y.data)


def test_axes_are_put_in_one_order() -> None:
    x, y = random(3, 4, 1, 1, axes=("i", "j")), random(4, 3, 1, 1, axes=("j", "i"))

    axes, (_, turned) = aligned([x, y])

    assert axes == ("i", "j")
    assert np.array_equal(turned, np.swapaxes(y.data, 0, 1))


def test_a_sum_takes_an_axis_away() -> None:
    x = random(3, 4, 1, 1, axes=("i", "j"))

    assert same(reduced(x, "i", np.sum), x.data.sum(axis=0))


def test_two_indices_that_become_one_are_a_diagonal() -> None:
    x = random(3, 3, 1, 1, axes=("i", "j"))

    assert renamed(x, "j", "i").axes == ("i",)
    assert np.array_equal(renamed(x, "j", "i").data[:, 0, 0], np.diagonal(x.data[..., 0, 0]))


def test_numbers_on_an_axis_are_a_column() -> None:
    assert stacked(random(3, 1, 1, axes=("i",)), "i").shape == (3, 1)
    assert stacked(random(3, 4, 1, axes=("i",)), "i").shape == (3, 4)


def test_products() -> None:
    X, w = random(3, 2), random(2, 1)

    assert same(multiply(X, w), X.data @ w.data)
    assert same(multiply(number(2.0), X), 2 * X.data)
    assert same(multiply(IDENTITY, X), X.data)
    assert same(multiply(transpose(X), X), X.data.T @ X.data)
    assert same(hadamard(w, w), w.data**2)
    assert same(divide(w, number(2.0)), w.data / 2)


def test_only_a_bare_number_spreads() -> None:
    w = column(1, 2)

    assert same(add(number(1.0), w), 1 + w.data)
    with pytest.raises(Misfit):
        add(number(1.0, literal=False), w)


def test_the_identity_takes_the_size_that_it_needs() -> None:
    square = random(3, 3)

    assert same(add(square, IDENTITY), square.data + np.eye(3))
    with pytest.raises(Misfit):
        add(random(3, 2), IDENTITY)


@pytest.mark.parametrize(
    ("operation", "left", "right", "message"),
    [
        (add, (3, 1), (2, 1), "⟨3⟩×⟨1⟩ and ⟨2⟩×⟨1⟩ cannot be added"),
        (add, (3, 1), (1, 3), "⟨3⟩×⟨1⟩ and ⟨1⟩×⟨3⟩ cannot be added"),
        (multiply, (3, 2), (3, 1), "⟨3⟩×⟨2⟩ cannot be multiplied with ⟨3⟩×⟨1⟩"),
        (multiply, (3, 1), (3, 1), "⟨3⟩×⟨1⟩ cannot be multiplied with ⟨3⟩×⟨1⟩"),
        (hadamard, (3, 1), (1, 3), "⟨3⟩×⟨1⟩ and ⟨1⟩×⟨3⟩ cannot be multiplied entry by entry"),
        (divide, (3, 1), (3, 3), "nothing can be divided by ⟨3⟩×⟨3⟩: use an inverse"),
    ],
)
def test_shapes_that_do_not_fit_are_a_misfit(
    operation: object, left: tuple[int, int], right: tuple[int, int], message: str
) -> None:
    assert callable(operation)
    with pytest.raises(Misfit) as caught:
        operation(random(*left), random(*right))

    assert str(caught.value) == message


def test_an_index_of_two_lengths_is_a_misfit() -> None:
    with pytest.raises(Misfit, match="the index i runs to 3 and to 4"):
        add(random(3, 1, 1, axes=("i",)), random(4, 1, 1, axes=("i",)))


def test_a_huge_table_is_not_computed() -> None:
    wide = [random(200, 1, 1, axes=(axis,)) for axis in "ijk"]

    with pytest.raises(Unclear, match="too much work"):
        aligned(wide)


@pytest.mark.parametrize(
    ("relation", "less", "equal", "more"),
    [
        ("=", False, True, False),
        ("<=", True, True, False),
        (">=", False, True, True),
        ("<", True, False, False),
        (">", False, False, True),
        ("!=", True, False, True),
    ],
)
def test_relations_between_numbers(relation: str, less: bool, equal: bool, more: bool) -> None:
    outcomes = [related(number(1.0), number(right), relation) for right in (2.0, 1.0, 0.5)]

    assert [outcome.true for outcome in outcomes] == [less, equal, more]


def test_a_relation_has_to_hold_everywhere() -> None:
    outcome = related(column(1, 2, 3), column(1, 2, 4), "=")

    assert outcome == Outcome(False, False, "left is 3, right is 4 (entry 3)")
    assert related(column(1, 2, 3), column(1, 2, 4), "<=").true


def test_only_zero_may_be_said_of_a_vector() -> None:
    assert related(column(0, 0), number(0.0), "=").true
    with pytest.raises(Misfit, match="left is ⟨2⟩×⟨1⟩, right is a number"):
        related(column(1, 1), number(1.0), "=")


def test_vanishing_sides_are_said_to_be_vacuous() -> None:
    assert related(column(0, 0), column(0, 0), "=").vacuous
    assert not related(column(1, 0), column(1, 0), "=").vacuous


@pytest.mark.parametrize(
    ("entries", "relation", "true"),
    [
        ([[2, 0], [0, 1]], "pd", True),
        ([[1, 1], [1, 1]], "pd", False),
        ([[1, 1], [1, 1]], "psd", True),
        ([[1, 2], [2, 1]], "psd", False),
        ([[-1, 0], [0, -1]], "nd", True),
    ],
)
def test_definiteness_is_about_eigenvalues(
    entries: list[list[float]], relation: str, true: bool
) -> None:
    assert related(Value(np.array(entries, dtype=float)), number(0.0), relation).true is true


def test_proportional_means_a_constant_ratio() -> None:
    x = Value(np.array([1.0, 2, 4])[:, None, None], ("x",))

    assert related(x, Value(3 * x.data, ("x",)), "propto").true
    assert not related(x, Value(x.data**2, ("x",)), "propto").true


def test_a_mask_leaves_points_out() -> None:
    left, right = (Value(np.array(row)[:, None, None], ("i",)) for row in ([1.0, 2], [1.0, 5]))
    first = Value(np.array([True, False])[:, None, None], ("i",))

    assert related(left, right, "=", first).true
    assert not related(left, right, "=").true


def test_what_is_undefined_on_both_sides_proves_nothing() -> None:
    nothing = column(np.nan, np.nan)

    with pytest.raises(Unclear, match="both sides are undefined"):
        related(nothing, nothing, "=")
    assert related(column(1, np.nan), column(1, np.nan), "=").true
    with pytest.raises(Unclear, match="one side is undefined where the other is not"):
        related(column(1, np.nan), column(1, 2), "=")
