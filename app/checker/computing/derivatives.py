r"""Derivatives of anything by anything, without symbols.

The variable is moved by a complex step along every direction at once, on an axis of its own, and
the formula is evaluated again: the imaginary part is the derivative, exact to rounding. A
derivative inside another one takes real steps (central differences of sixth order) of the complex
values.

A gradient has the shape of its variable. A vector by a vector has a row for each output.
"""

from __future__ import annotations

import numpy as np

from app.checker.computing.bindings import Environment
from app.checker.computing.frame import Rules
from app.checker.computing.scope import SLOT, UnknownName
from app.checker.computing.shape import key_of_tree
from app.checker.failures import Misfit, Unclear
from app.checker.reading.tree import (
    Assigned,
    Call,
    Component,
    Derivative,
    Name,
    Node,
    Product,
    Transpose,
)
from app.checker.world.entries import Match, letter_of
from app.checker.world.values import (
    COMPLEX_STEP,
    UNSIZED,
    Array,
    Value,
    guard,
    in_words,
    reduced,
    renamed,
    take,
    transpose,
)

# Small enough to stay inside of (0, 1), where probabilities are.
REAL_STEP = 1e-3
# Central differences of sixth order.
SHIFTS = np.array([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0])
WEIGHTS = np.array([-1 / 60, 3 / 20, -3 / 4, 3 / 4, -3 / 20, 1 / 60])


def _derivative(env: Environment, node: Derivative) -> Value:
    if not node.by or (isinstance(node.by[0], Name) and not node.by[0].base):
        only = env.world.argument_of(node.body)
        if only is None:
            raise Unclear("a gradient without its variable: write it as a subscript")
        return _derivative(env, Derivative((only,) * max(len(node.by), 1), node.body))
    if len(node.by) == 1 and isinstance(node.by[0], Transpose):
        return _by_a_row(env, node.by[0].base, node.body)
    moved_to = _evaluated_at(env, node)
    if moved_to is not None:
        return moved_to
    if len(node.by) == 2:
        return _derivative(env, Derivative(node.by[:1], Derivative(node.by[1:], node.body)))
    if len(node.by) > 2:
        raise Unclear("derivatives are read up to the second order")
    return _by_one(env, node.by[0], _applied(env, node.body, node.by[0]))


def _by_a_row(env: Environment, variable: Node, body: Node) -> Value:
    r"""`\frac{\partial L}{\partial w^\top}` of a number has the shape of `w^\top`; of a vector it
    is the Jacobian, as by w."""
    slope = _derivative(env, Derivative((variable,), body))
    return transpose(slope) if slope.shape == env.value(variable).shape else slope


def _applied(env: Environment, body: Node, variable: Node) -> Node:
    r"""In `\frac{d\sigma}{dz}` the function is meant at z, in `\nabla_w \sigma` at its argument."""
    if not isinstance(body, Name) or letter_of(body) is None:
        return body
    match = env.find(body)
    if match is None:
        return Call(body, (variable,)) if body.base == "sigma" else body
    params = match.entry.params
    is_function = [one.kind for one in params] == ["value"] and not match.items
    if is_function and letter_of(variable) == params[0].name in env.world.entries:
        return Call(body, (variable,))
    if not is_function or params[0].name in env.world.entries:
        return body
    usual = env.world.usual_argument(match.entry.key)
    by_letter = letter_of(variable) in env.locals
    return Call(body, (variable if usual is None or by_letter else usual,))


def _evaluated_at(env: Environment, node: Derivative) -> Value | None:
    r"""`\nabla_w L(\hat{w})` is the gradient at that point."""
    body = node.body
    if not isinstance(body, Call) or len(body.args) != 1:
        return None
    match = env.find(body.name, body.args, body.marks)
    by = letter_of(node.by[0])
    if match is None or len(match.entry.params) != 1 or match.entry.params[0].name != by:
        return None
    if letter_of(body.args[0]) == by or by not in env.world.entries:
        return None
    point = env.value(body.args[0])
    target = env.world.entries[by][0]
    inner = env.child(overrides={target.number: point})
    return inner.value(Derivative(node.by, body.name))


def _by_one(env: Environment, variable: Node, body: Node) -> Value:
    target = _Target(env, variable)
    body = target.reached(body)
    real = env.is_complex
    moved = target.moved(real=real)
    held = {entry.number: env.table(entry) for entry in env.world.held}
    overrides = {**held, target.entry_number: moved}
    inner = env.child(overrides=overrides, locals_=target.locals_with(moved))
    inner.is_complex = True
    inner.slopes = env.slopes + 1
    if inner.slopes > 2:
        raise Unclear("derivatives are read up to the second order")
    result = inner.value(body)
    if result.ones:
        raise Unclear(UNSIZED)
    return target.collected(_slope(result, target.step_axis, real=real))


def _slope(result: Value, step_axis: str, *, real: bool) -> Value:
    if not real:
        if np.iscomplexobj(result.data):
            return Value(np.imag(result.data) / COMPLEX_STEP, result.axes)
        return Value(np.zeros_like(result.data), result.axes)
    if step_axis not in result.axes:
        return Value(np.zeros_like(result.data), result.axes)
    place = result.axes.index(step_axis)
    data = np.tensordot(result.data, WEIGHTS / REAL_STEP, axes=([place], [0]))
    return Value(data, tuple(axis for axis in result.axes if axis != step_axis))


class _Target:
    """The variable of a derivative: which part of which entry moves, or a letter put in place."""

    def __init__(self, env: Environment, node: Node) -> None:
        self.env = env
        self.local = ""
        self.items: tuple[Node, ...] = ()
        self.components: tuple[Node, ...] = ()
        if isinstance(node, Transpose):
            node = node.base
        match, extra = self._find(node)
        if match is not None:
            self._take(match, extra)
        else:
            self._take_local(node)
        if self.base.identity or self.base.data.dtype.kind not in "fc":
            raise Unclear("a derivative by something that cannot move")
        self.step_axis = env.fresh_axis("step")
        self.slots = [axis for axis in self.base.axes if axis.startswith(SLOT)]
        self.names: list[str] = []  # an axis for each slot and each side of the matrix

    def _find(self, node: Node) -> tuple[Match | None, tuple[Node, ...]]:
        """What the variable is, and the indices that stand behind brackets."""
        if isinstance(node, Component):
            match, extra = self._find(node.body)
            return match, (*extra, *(sub.node for sub in node.subs))
        if isinstance(node, Name):
            return self.env.find(node), ()
        if isinstance(node, Call):
            return self.env.find(node.name, node.args, node.marks), ()
        if isinstance(node, Product):
            raise Unclear("a derivative by a product")
        raise Unclear("this variable of a derivative")

    def _take(self, match: Match, extra: tuple[Node, ...]) -> None:
        if match.under is not None or match.row:
            raise Unclear("this variable of a derivative")
        if match.items and any(param.kind != "set" for param in match.entry.params):
            raise Unclear("a derivative by the value of a function")
        self.entry_number = match.entry.number
        self.is_rule = match.entry.is_rule
        self.items = match.items
        self.components = (*match.components, *extra)
        self.base = self.env.table(match.entry)

    def _take_local(self, node: Node) -> None:
        letter = letter_of(node)
        if letter is None or letter not in self.env.locals:
            if isinstance(node, Name):
                raise UnknownName(node)
            raise Unclear("this variable of a derivative")
        self.local, self.entry_number = letter, -1
        self.base = self.env.locals[letter]

    def reached(self, body: Node) -> Node:
        """The formula, or another one for it that a line before has found, in which the variable
        stands. A derivative by a name that it is not written in says nothing."""
        if self.local or self._is_in(body):
            return body
        found = self.env.written.get(key_of_tree(body), [])
        other = next((one for one in found if self._is_in(one)), None)
        if other is None and self.is_rule:
            raise Unclear("what is differentiated is not written in terms of this variable")
        return other or body

    def _is_in(self, body: Node) -> bool:
        return self.env.world.reaches(body, self.entry_number, self.env.scope)

    def moved(self, *, real: bool) -> Value:
        """The whole entry, moved along each of its directions on new axes."""
        base = self.base
        rows, columns = base.shape
        sizes = [base.size_of(axis) for axis in self.slots] + [rows, columns]
        count = int(np.prod(sizes))
        guard([*base.data.shape, count, 6 if real else 1])
        self.names = [self.env.fresh_axis("move") for _ in sizes]
        # directions: axes move#…, then the entry's own slots and matrix.
        directions = np.eye(count).reshape(*sizes, *sizes)
        kept = [axis for axis in base.axes if axis not in self.slots]
        order = [base.axes.index(axis) for axis in (*kept, *self.slots)]
        rank = len(base.axes)
        data = base.data.transpose(*order, rank, rank + 1)
        lead = len(kept)
        spread = data.reshape(data.shape[:lead] + (1,) * len(sizes) + data.shape[lead:])
        axes = (*kept, *self.names, *self.slots)
        if not real:
            return Value(spread + COMPLEX_STEP * 1j * directions, axes)
        shifts = SHIFTS.reshape(-1, *([1] * spread.ndim))
        return Value(spread[None] + shifts * REAL_STEP * directions, (self.step_axis, *axes))

    def locals_with(self, moved: Value) -> dict[str, Value]:
        return {self.local: moved} if self.local else {}

    def collected(self, slope: Value) -> Value:
        """The directions that the formula names become its indices; the others the matrix."""
        for name, size in zip(self.names, self._sizes(), strict=True):
            if name not in slope.axes:
                slope = Value(np.repeat(slope.data[None], size, axis=0), (name, *slope.axes))
        pointed = dict(zip(self.names, (*self.items, *self._component_items()), strict=False))
        for name, item in pointed.items():
            slope = self._pointed(slope, name, item)
        left = [name for name in self.names if name in slope.axes]
        return _as_matrix(slope, left, self.base.shape)

    def _sizes(self) -> list[int]:
        return [self.base.size_of(axis) for axis in self.slots] + list(self.base.shape)

    def _component_items(self) -> tuple[Node | None, ...]:
        """One index on a column leaves the single column open, which has one entry anyway."""
        if len(self.items) < len(self.slots):
            missing = len(self.slots) - len(self.items)
            return (*self.components[:missing],) if len(self.components) >= missing else ()
        return self.components

    def _pointed(self, slope: Value, name: str, item: Node | None) -> Value:
        if item is None:
            return slope
        env = self.env
        size = slope.size_of(name)
        if isinstance(item, Assigned):
            item = item.value
        letter = letter_of(item)
        if letter is not None and letter not in env.locals:
            variable = env.variable(letter)
            if variable is None and env.element(item) is None:
                variable = env.new_free(letter, size)
            if variable is not None and len(variable.places) == size:
                return renamed(slope, name, variable.axis)
            if variable is not None:
                raise Misfit(f"the index {letter} runs beyond the variable")
        return take(slope, {name: env.place_of(item, size)})


def _as_matrix(slope: Value, left: list[str], shape: tuple[int, int]) -> Value:
    """A number by a matrix has its shape, a column by a column is a Jacobian, a matrix by a number
    keeps its shape."""
    open_ = [name for name in left if slope.size_of(name) > 1]
    for name in left:
        if name not in open_:
            slope = reduced(slope, name, np.squeeze)
    if not open_:
        return slope
    rest = tuple(axis for axis in slope.axes if axis not in open_)
    order = [slope.axes.index(axis) for axis in (*rest, *open_)]
    rank = len(slope.axes)
    data: Array = slope.data.transpose(*order, rank, rank + 1)
    if slope.is_number:
        if len(open_) == 1:
            column = data[..., 0]
            is_row = shape[0] == 1 and shape[1] > 1
            return Value(np.swapaxes(column, -1, -2) if is_row else column, rest)
        if len(open_) == 2:
            return Value(data[..., 0, 0], rest)
        raise Unclear("a derivative by a table of matrices")
    if len(open_) == 1 and slope.shape[1] == 1:
        # (…, inputs, outputs, 1) to (…, outputs, inputs)
        return Value(np.swapaxes(data[..., 0], -1, -2), rest)
    if len(open_) == 1 and slope.shape[0] == 1:
        return Value(np.swapaxes(data[..., 0, :], -1, -2), rest)
    raise Unclear(f"the derivative of {in_words(slope)} by a vector has three indices")


RULES: Rules = {Derivative: _derivative}
