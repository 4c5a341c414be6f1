"""What names are worth: entries as values, with their indices and arguments in place.

An entry's value is remembered in the outermost frame where it is the same, in the instance itself
if only the world decides it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from app.checker.computing.indexing import Indexing
from app.checker.computing.lookup import INDEX_LEFT_OUT
from app.checker.computing.scope import SLOT, UnknownName, Variable
from app.checker.computing.substitution import with_names
from app.checker.failures import Misfit, Unclear
from app.checker.reading.tree import Assigned, Name, Node, Number, walk
from app.checker.world.entries import Entry, Match, Param, letter_of, name_of_letter
from app.checker.world.values import DRAW, Value, renamed, stacked, transpose, with_axes

COUNTERS = ("i", "j")
COUNTED = 4


@dataclass(slots=True, repr=False, eq=False)
class _Arguments:
    """What takes the place of a rule's parameters."""

    variables: dict[str, Variable] = field(default_factory=dict)
    overrides: dict[int, Value] = field(default_factory=dict)
    locals: dict[str, Value] = field(default_factory=dict)
    functions: dict[str, Node] = field(default_factory=dict)


class Environment(Indexing):
    """A frame in which names have values. Only the rules for formulas are missing."""

    def matched(self, match: Match) -> Value:
        if match.under is not None:
            return self._under(match, match.under)
        if match.stacked:
            value = stacked(self.table(match.entry), SLOT + "0")
        else:
            value = self._applied(match.entry, match.items)
        if match.row:
            return transpose(self.component(value, match.components, rows=True))
        if match.components:
            return self.component(value, match.components)
        return value

    def here(self, value: Value) -> Value:
        """A definition's free letters mean what they are bound to here."""
        for axis in value.axes:
            bound = self.variables.get(axis)
            if bound is not None and bound.axis != axis:
                value = renamed(value, axis, bound.axis)
            elif axis in self.world.letters and axis not in self.frees and bound is None:
                self.free(axis, value.size_of(axis))
        return value

    def tabulated(self, entry: Entry, rule: Node) -> Value:
        """A rule's values for all the indices and elements that it takes, on slot axes."""
        inner = self.child(apart=True)
        inner.statement = (rule,)
        params = [param for param in entry.params if param.kind == "set"]
        for param in params:
            size = self._param_size(inner, param, rule)
            inner.variables[param.name] = Variable(self.fresh_axis(param.name), np.arange(size))
        body = inner.value(rule)
        if body.identity:
            raise Unclear("the size of this identity is not known")
        sizes = dict(zip(body.axes, body.data.shape, strict=False))
        own = [inner.variables[param.name] for param in params]
        sizes |= {variable.axis: len(variable.places) for variable in own}
        axes = [variable.axis for variable in own]
        rest = [axis for axis in body.axes if axis not in axes]
        slots = tuple(f"{SLOT}{place}" for place in range(len(own)))
        return Value(with_axes(body, [*rest, *axes], sizes), (*rest, *slots))

    def _param_size(self, inner: Environment, param: Param, rule: Node) -> int:
        if param.size:
            return self.instance.size(param.size)
        size = inner.size_of_letter(param.name, (rule,))
        if size is None:
            raise Unclear(f"the range of {param.name} is not known")
        return size

    # --- the content of an entry -----------------------------------------------------------------

    def table(self, entry: Entry) -> Value:
        if entry.number in self.overrides:
            return self.overrides[entry.number]
        home = self._home_of(entry)
        memo = home.memo
        if home.parent is None and entry.number in self.world.numbers and not home.overrides:
            memo = self.instance.memo
        if entry.number not in memo:
            memo[entry.number] = home._computed(entry)
        return memo[entry.number]

    def _home_of(self, entry: Entry) -> Environment:
        """The outermost frame in which the entry has the same value."""
        home = self
        needs = self.world.needs(entry, self.scope)
        while home.parent is not None and not (needs & home.overrides.keys()):
            home = home.parent
        return home

    def _computed(self, entry: Entry) -> Value:
        if entry.body is None:
            return self.instance.data[entry.number]
        if any(param.kind == "set" for param in entry.params):
            return self.tabulated(entry, entry.body)
        inner = self.child(apart=True)
        inner.statement = (entry.body,)
        return inner.value(entry.body)

    # --- with arguments --------------------------------------------------------------------------

    def _applied(self, entry: Entry, items: tuple[Node, ...]) -> Value:
        if entry.element_of:
            return self.table(entry)
        if not entry.params:
            return self.here(self.table(entry))
        if not items:
            return self.here(self._without_arguments(entry))
        if all(param.kind == "set" for param in entry.params):
            return self.gathered(self.table(entry), items)
        if self._at_its_own_values(entry, items):
            places = tuple(
                item for param, item in zip(entry.params, items, strict=True) if param.kind == "set"
            )
            return self.here(self.gathered(self.table(entry), places))
        return self._called(entry, items)

    def _at_its_own_values(self, entry: Entry, items: tuple[Node, ...]) -> bool:
        r"""`p(x, z)` where the givens have one x: nothing is put in its place, so that it is
        computed once for every z."""
        return (
            entry.body is not None
            and entry.number in self.world.numbers
            and len(items) == len(entry.params)
            and all(map(self._is_own, entry.params, items))
        )

    def _is_own(self, param: Param, item: Node) -> bool:
        if param.kind == "set":
            return bool(param.size)
        letter = letter_of(item)
        return (
            param.kind == "value"
            and letter == param.name
            and letter not in self.locals
            and self.variable(letter) is None
            and letter not in self.scope
            and letter in self.world.entries
        )

    def _without_arguments(self, entry: Entry) -> Value:
        kinds = [param.kind for param in entry.params]
        if "set" not in kinds:
            return self.table(entry)
        if set(kinds) == {"set"}:
            if self.is_function(entry):
                # `\pi \propto \pi_{ref}`: a function by its name is meant at its usual argument.
                usual = tuple(name_of_letter(param.name) for param in entry.params)
                return self.gathered(self.table(entry), usual)
            if len(kinds) == 1:
                return self._all_or_another(entry)
            if len(kinds) == 2 and (table := self.table(entry)).is_number:
                return _as_matrix(table)
        raise Unclear(f"{entry.key} stands here without its arguments")

    def _all_or_another(self, entry: Entry) -> Value:
        """x beside the points x_i is any other point; y beside the numbers y_i is their vector."""
        table = self.table(entry)
        if self.leaves_index_out(entry):
            if not table.is_number or self._stands_beside_vectors():
                self.met.add(INDEX_LEFT_OUT)
            if INDEX_LEFT_OUT in self.choices:
                return self.here(self.gathered(table, (Name(entry.params[0].name),)))
        if not table.is_number and DRAW in table.axes:
            rng = np.random.default_rng(entry.number)
            return Value(rng.normal(size=(self.instance.draws, *table.shape)), (DRAW,))
        return stacked(table, SLOT + "0")

    def _stands_beside_vectors(self) -> bool:
        r"""Numbers without their index are a vector, and the λ of `\Sigma v = \lambda v` is not."""
        return any(
            self.leaves_index_out(entry) and not self.table(entry).is_number
            for side in self.statement
            for one in walk(side)
            if isinstance(one, Name) and not one.subs
            for entry in self.entries_of(one.base)
        )

    def _called(self, entry: Entry, items: tuple[Node, ...]) -> Value:
        """A rule with values for arguments: its body with the arguments in place."""
        if entry.body is None:
            return self.table(entry)
        if len(items) != len(entry.params):
            raise Unclear(f"{entry.key} takes {len(entry.params)} arguments")
        given = _Arguments()
        for param, item in zip(entry.params, items, strict=True):
            self._hand_over(param, item, given)
        body = with_names(entry.body, given.functions) if given.functions else entry.body
        inner = self.branch(
            given.overrides, apart=True, variables=given.variables, locals_=given.locals
        )
        inner.statement = (body,)
        try:
            return self.here(inner.value(body))
        except Misfit:
            if len(given.locals) == 1:
                ((name, value),) = given.locals.items()
                if not value.is_number:
                    return _entry_by_entry(inner, body, name, value)
            raise

    def _zero_like(self, entry: Entry) -> Value:
        """The zero of a vector is a vector, and so is that of many numbers."""
        table = self.table(entry)
        if not entry.params:
            return Value(np.zeros_like(table.data), table.axes)
        zeros = Value(np.zeros((table.data.shape[-3], 1)))
        return zeros if self._are_numbers(entry, zeros) else Value(np.zeros(table.shape))

    def _are_numbers(self, entry: Entry, value: Value) -> bool:
        r"""Whether a vector holds as many numbers as the givens have of this name, such as α_i."""
        table = self.table(entry)
        is_list = len(entry.params) == 1 and entry.params[0].kind == "set" and table.is_number
        return is_list and value.shape == (table.data.shape[-3], 1)

    def _hand_over(self, param: Param, item: Node, given: _Arguments) -> None:
        if param.kind == "opaque":
            if param.name and isinstance(item, Name | Assigned):
                place = item.value if isinstance(item, Assigned) else item.subs[-1].node
                given.variables[param.name] = self._item_variable(place, param)
        elif param.kind == "parameter":
            given.overrides |= self._parameter_overrides(param.name, item)
        elif param.kind == "function":
            given.functions[param.name] = item
        elif param.kind == "set":
            given.variables[param.name] = self._item_variable(item, param)
        else:
            value = self._argument_value(item)
            target = self.world.entries.get(param.name)
            if target and isinstance(item, Number) and item.value == 0:
                value = self._zero_like(target[0])
            if target and not target[0].params:
                given.overrides[target[0].number] = value
            elif target and self._are_numbers(target[0], value):
                axes = (*value.axes, SLOT + "0")
                given.overrides[target[0].number] = Value(value.data[..., None], axes)
            elif target and self.table(target[0]).is_number and not value.shape[1] > 1:
                # One number says nothing about many.
                raise Unclear(f"{param.name} stands for several numbers")
            else:
                given.locals[param.name] = value

    def _argument_value(self, item: Node) -> Value:
        letter = letter_of(item)
        if letter in COUNTERS and self.variable(letter) is None and not self.is_entry(letter):
            return self.counted(letter)
        if self.is_all_of_them(item):
            raise Unclear("a function of all of them together")
        return self.value(item)

    def counted(self, letter: str) -> Value:
        r"""An index that nothing binds, in `\theta_i`, counts from 1 like any other."""
        return self.free(letter, COUNTED).as_number

    def is_counted(self, letter: str) -> bool:
        """Whether a letter is such an index somewhere in the line."""
        if letter not in COUNTERS:
            return False
        for side in self.statement:
            for one in walk(side):
                if isinstance(one, Name) and any(letter_of(sub.node) == letter for sub in one.subs):
                    match = self.find(one)
                    if match is not None and [p.kind for p in match.entry.params] == ["value"]:
                        return True
        return False

    def _item_variable(self, item: Node, param: Param) -> Variable:
        letter = letter_of(item)
        if letter is not None:
            bound = self.variable(letter)
            if bound is not None:
                return bound
            if param.size:
                return self.free(letter, self.instance.size(param.size))
            if letter.rstrip("'") in self.world.letters:
                return self.natural(letter)
        if isinstance(item, Assigned):
            return self._item_variable(item.value, param)
        raise Unclear("this argument is not a variable")

    # --- another value of a parameter ------------------------------------------------------------

    def _under(self, match: Match, parameter: Node) -> Value:
        r"""`p_{\theta_t}(x)`: the entry with another value of its parameter."""
        inner = self.branch(self._parameter_overrides(match.entry.under, parameter))
        return inner.matched(Match(match.entry, match.items, match.components))

    def _parameter_overrides(self, parameter: str, given: Node) -> dict[int, Value]:
        """What takes the place of θ, or of the parts of θ = (π, μ, Σ)."""
        entry = self.world.entries[parameter][0]
        parts = self.world.parts_of(entry)
        if parts is None:
            return {entry.number: self.value(given)}
        if not isinstance(given, Name):
            raise Unclear("this parameter")
        match = self.find(given)
        if match is None:
            raise UnknownName(given)
        new_parts = self.world.parts_of(match.entry)
        if new_parts is None or len(new_parts) != len(parts):
            raise Unclear("a parameter with other parts")
        overrides = {}
        for old, new in zip(parts, new_parts, strict=True):
            target, source = self.find(old), self.find(new)
            if target is None or source is None:
                raise Unclear("a part of the parameter that is not known")
            overrides[target.entry.number] = self.table(source.entry)
        return overrides


def _entry_by_entry(inner: Environment, body: Node, name: str, value: Value) -> Value:
    """A function of one number, applied to every entry of a vector or a matrix."""
    rows, columns = inner.fresh_axis("row"), inner.fresh_axis("column")
    spread = Value(value.data[..., None, None], (*value.axes, rows, columns))
    inner.locals = {name: spread}
    result = inner.value(body)
    sizes = dict(zip(spread.axes, spread.data.shape, strict=False))
    sizes |= dict(zip(result.axes, result.data.shape, strict=False))
    rest = [axis for axis in sizes if axis not in (rows, columns)]
    data = with_axes(result, [*rest, rows, columns], sizes)
    return Value(data[..., 0, 0], tuple(rest))


def _as_matrix(table: Value) -> Value:
    """A number for each pair of indices as a matrix."""
    rows, columns = table.axes.index(f"{SLOT}0"), table.axes.index(f"{SLOT}1")
    rest = tuple(axis for axis in table.axes if not axis.startswith(SLOT))
    order = [table.axes.index(axis) for axis in rest]
    data = table.data[..., 0, 0].transpose(*order, rows, columns)
    return Value(data, rest)
