r"""A tree into a `Value`, in one instance of the world.

Letters are looked up from the inside out: variables bound by a sum or an expectation, names put in
place (a derivative's perturbed variable, a context), the writer's definitions, the world. A letter
that is bound nowhere and stands in a subscript is free: it means "for every value".
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from app.checker import arithmetic, derivatives, expectations, functions, optima, sums
from app.checker.entries import Entry, Match, Param, keys_of, letter_of
from app.checker.failures import Misfit, Unclear
from app.checker.sampling import DRAWS
from app.checker.scope import SLOT, Budget, UnknownName, Variable
from app.checker.tree import (
    Assigned,
    Call,
    Component,
    Name,
    Node,
    Number,
    Placeholder,
    Product,
    Sub,
    walk,
)
from app.checker.values import (
    DRAW,
    Value,
    aligned,
    guard,
    number,
    renamed,
    stacked,
    take,
    transpose,
    with_axes,
)
from app.checker.vocabulary import BOUND_ALIASES, LOSS_ALIASES, LOSSES

if TYPE_CHECKING:
    from app.checker.world import Instance


ELEMENTS_PER_NODE = 5_000


class Evaluator:
    """Evaluates in `instance`; `scope` holds the writer's definitions."""

    def __init__(
        self,
        instance: Instance,
        scope: dict[str, list[Entry]],
        budget: Budget,
        choices: frozenset[str] = frozenset(),
    ) -> None:
        self.instance = instance
        self.world = instance.world
        self.scope = scope
        self.budget = budget
        self.choices = choices
        self.met: set[str] = set()
        self.variables: dict[str, Variable] = {}
        self.frees: dict[str, Variable] = {}
        self.locals: dict[str, Value] = {}
        self.overrides: dict[int, Value] = {}
        self.memo: dict[int, Value] = {}
        self.parent: Evaluator | None = None
        self.statement: tuple[Node, ...] = ()
        self.is_complex = False
        self.slopes = 0  # derivatives that this one stands inside of
        self.expecting = False

    # --- scopes ----------------------------------------------------------------------------------

    def child(
        self,
        *,
        variables: dict[str, Variable] | None = None,
        overrides: dict[int, Value] | None = None,
        locals_: dict[str, Value] | None = None,
        apart: bool = False,
    ) -> Evaluator:
        """An inner scope. `apart`: a definition's body, which does not see the line's variables."""
        inner = Evaluator.__new__(Evaluator)
        inner.__dict__.update(self.__dict__)
        inner.variables = (
            dict(variables or {}) if apart else {**self.variables, **(variables or {})}
        )
        if apart:
            inner.frees = {}
            inner.locals = dict(locals_ or {})
        else:
            inner.locals = {**self.locals, **(locals_ or {})}
        if overrides:
            inner.overrides = {**self.overrides, **overrides}
            inner.memo = {}
            inner.parent = self
        return inner

    def variable(self, letter: str) -> Variable | None:
        return self.variables.get(letter) or self.frees.get(letter)

    def fresh_axis(self, letter: str) -> str:
        return f"{letter}#{next(self.budget.fresh)}"

    def bound(self, letter: str, size: int, low: int = 0) -> Variable:
        guard([size])
        return Variable(self.fresh_axis(letter), np.arange(low, low + size))

    def free(self, letter: str, size: int) -> Variable:
        known = self.frees.get(letter)
        if known is None:
            known = self.frees[letter] = Variable(letter, np.arange(size))
        return known

    # --- values ----------------------------------------------------------------------------------

    def value(self, node: Node) -> Value:
        self.budget.spend()
        compute = _EVALUATORS.get(type(node))
        if compute is None:
            raise Unclear("a set or a range in the middle of a formula")
        value = compute(self, node)
        # Large arrays cost more than nodes.
        self.budget.spend(value.data.size // ELEMENTS_PER_NODE)
        return value

    def name(self, node: Name) -> Value:
        letter = letter_of(node)
        if letter is not None:
            if letter in self.locals:
                return self.locals[letter]
            bound = self.variable(letter)
            if self.world.letters.get(letter) == letter and letter in self.instance.sizes:
                # The number of heads h, also where h counts them.
                return number(self.instance.sizes[letter], literal=False)
            if bound is not None and (letter in self.variables or not self._is_entry(letter)):
                return self._as_number(letter, bound)
        match = self.find(node)
        if (
            letter is not None
            and letter in self.instance.sizes
            and (match is None or match.entry.params)
        ):
            return number(self.instance.sizes[letter], literal=False)
        if match is not None:
            return self.matched(match)
        special = functions.special_name(self, node)
        if special is not None:
            return special
        if node.primes:
            plain = Name(node.base, node.subs, node.sup, node.primes - 1, span=node.span)
            value = self.name(plain)
            if value.is_number:
                raise Unclear("a prime on a number: write by what it is differentiated")
            return transpose(value)
        if letter is not None and letter in self.world.letters:
            return self._as_number(letter, self.natural(letter))
        self._check_index(node)
        raise UnknownName(node)

    def _check_index(self, node: Name) -> None:
        """`\\mu_i`, where μ has an index k, is wrong and not unknown. Raises Misfit."""
        for key, rest in keys_of(node):
            for entry in self.entries_of(key):
                if not rest or len(rest) != len(entry.params):
                    continue
                for param, sub in zip(entry.params, rest, strict=True):
                    size = self._sort_of(sub.node)
                    if param.kind == "set" and param.size and size is not None:
                        if size != self.instance.size(param.size):
                            raise Misfit(f"the index of {entry.key} runs over {param.name}")

    def _is_entry(self, letter: str) -> bool:
        return letter in self.scope or letter in self.world.entries

    def _as_number(self, letter: str, variable: Variable) -> Value:
        """An index used as a number counts from 1."""
        values = self.world.set_values(self.instance, letter.rstrip("'"))
        if values is not None and len(values) == len(variable.places):
            return Value(values[variable.places].reshape(-1, 1, 1), (variable.axis,))
        return Value((variable.places + 1.0).reshape(-1, 1, 1), (variable.axis,))

    def natural(self, letter: str) -> Variable:
        """The free variable of a letter whose range the givens state."""
        bound = self.variable(letter)
        if bound is not None:
            return bound
        return self.free(letter, self.instance.size(self.world.letters[letter.rstrip("'")]))

    def matched(self, match: Match) -> Value:
        if match.under is not None:
            return self._under(match)
        if match.stacked:
            value = stacked(self.table(match.entry), SLOT + "0")
        else:
            value = self._applied(match.entry, match.items)
        if match.row:
            value = transpose(self._component(value, match.components[:1], rows=True))
            return self._component(value, match.components[1:]) if match.components[1:] else value
        if match.components:
            value = self._component(value, match.components)
        return value

    def _applied(self, entry: Entry, items: tuple[Node, ...]) -> Value:
        if entry.element_of:
            return self.bare(entry)
        if not entry.params:
            return self.here(self.bare(entry))
        if not items:
            return self.here(self._without_arguments(entry))
        if all(param.kind == "set" for param in entry.params):
            return self._gathered(self.table(entry), items)
        return self._called(entry, items)

    def _without_arguments(self, entry: Entry) -> Value:
        if all(param.kind != "set" for param in entry.params):
            return self.bare(entry)
        if all(param.kind == "set" for param in entry.params):
            base = entry.key.split("_")[0].split("^")[0]
            if base in self.world.vocabulary.calls or entry.under:
                # `\\pi \\propto \\pi_{ref}`: a function by its name is meant at its usual argument.
                return self._gathered(
                    self.table(entry),
                    tuple(
                        Name(param.name.rstrip("'"), primes=param.name.count("'"))
                        for param in entry.params
                    ),
                )
            if len(entry.params) == 1:
                table = self.table(entry)
                if not table.is_number and DRAW in table.axes:
                    # x beside the points x_i is any other point.
                    rng = np.random.default_rng(entry.number)
                    return Value(rng.normal(size=(DRAWS, *table.shape)), (DRAW,))
                return stacked(table, SLOT + "0")
            if len(entry.params) == 2 and self.table(entry).is_number:
                inner = stacked(self.table(entry), SLOT + "1")
                return (
                    stacked(transpose(inner), SLOT + "0") if False else _square(self.table(entry))
                )
        raise Unclear(f"{entry.key} stands here without its arguments")

    def here(self, value: Value) -> Value:
        """A definition's free letters mean what they are bound to here."""
        for axis in value.axes:
            bound = self.variables.get(axis)
            if bound is not None and bound.axis != axis:
                value = renamed(value, axis, bound.axis)
            elif axis in self.world.letters and axis not in self.frees and bound is None:
                self.free(axis, value.size_of(axis))
        return value

    def bare(self, entry: Entry) -> Value:
        """The value of an entry whose parameters, if any, are as in the world."""
        return self._content(entry)

    def table(self, entry: Entry) -> Value:
        """The values of an entry for all its arguments, on slot axes."""
        return self._content(entry)

    def _content(self, entry: Entry) -> Value:
        if entry.number in self.overrides:
            return self.overrides[entry.number]
        home = self._home_of(entry)
        memo = home.memo
        if home.parent is None and entry.number in self.world.numbers and not home.overrides:
            memo = self.instance.memo
        if entry.number not in memo:
            memo[entry.number] = home._computed(entry)
        return memo[entry.number]

    def _computed(self, entry: Entry) -> Value:
        if entry.body is None:
            return self.instance.data[entry.number]
        if entry.params and all(param.kind == "set" for param in entry.params):
            return self._tabulated(entry, entry.body)
        inner = self.child(apart=True)
        inner.statement = (entry.body,)
        return inner.value(entry.body)

    def _home_of(self, entry: Entry) -> Evaluator:
        """The outermost evaluator in which the entry has the same value."""
        home = self
        needs = self.world.needs(entry, self.scope)
        while home.parent is not None and not (needs & home.overrides.keys()):
            home = home.parent
        return home

    def _tabulated(self, entry: Entry, rule: Node) -> Value:
        inner = self.child(apart=True)
        inner.statement = (rule,)
        for param in entry.params:
            size = self._param_size(inner, param, rule)
            inner.variables[param.name] = Variable(self.fresh_axis(param.name), np.arange(size))
        body = inner.value(rule)
        if body.identity:
            raise Unclear("the size of this identity is not known")
        sizes = dict(zip(body.axes, body.data.shape, strict=False))
        own = [inner.variables[param.name] for param in entry.params]
        sizes |= {variable.axis: len(variable.places) for variable in own}
        axes = [variable.axis for variable in own]
        rest = [axis for axis in body.axes if axis not in axes]
        slots = tuple(f"{SLOT}{place}" for place in range(len(own)))
        return Value(with_axes(body, [*rest, *axes], sizes), (*rest, *slots))

    def _param_size(self, inner: Evaluator, param: Param, body: Node) -> int:
        if param.size:
            return self.instance.size(param.size)
        size = inner.size_of_letter(param.name, (body,))
        if size is None:
            raise Unclear(f"the range of {param.name} is not known")
        return size

    def _called(self, entry: Entry, items: tuple[Node, ...]) -> Value:
        """A rule with values for arguments: its body with the arguments in place."""
        assert entry.body is not None or all(p.kind != "function" for p in entry.params)
        if entry.body is None:
            return self.bare(entry)
        if len(items) != len(entry.params):
            raise Unclear(f"{entry.key} takes {len(entry.params)} arguments")
        locals_: dict[str, Value] = {}
        overrides: dict[int, Value] = {}
        variables: dict[str, Variable] = {}
        body: Node = entry.body
        handed: dict[str, Node] = {}
        for param, item in zip(entry.params, items, strict=True):
            if param.kind == "opaque":
                if param.name and isinstance(item, Name):
                    variables[param.name] = self._item_variable(item.subs[-1].node, param)
                continue
            if param.kind == "parameter":
                overrides |= functions.parameter_overrides(self, param.name, item)
                continue
            if param.kind == "function":
                handed[param.name] = item
                continue
            if param.kind == "set":
                variables[param.name] = self._item_variable(item, param)
                continue
            value = self._argument_value(item)
            target = self.world.entries.get(param.name)
            if target and not target[0].params:
                overrides[target[0].number] = value
            else:
                locals_[param.name] = value
        if handed:
            body = functions.with_names(body, handed)
        inner = self.child(apart=True, variables=variables, overrides=overrides, locals_=locals_)
        inner.statement = (body,)
        try:
            return self.here(inner.value(body))
        except Misfit:
            if len(locals_) == 1 and not next(iter(locals_.values())).is_number:
                return self._entry_by_entry(inner, body, locals_)
            raise

    def _argument_value(self, item: Node) -> Value:
        """An index that nothing binds, in `\\theta_i`, counts from 1 like any other."""
        letter = letter_of(item)
        if letter in ("i", "j") and self.variable(letter) is None and not self._is_entry(letter):
            return self._as_number(letter, self.free(letter, 4))
        return self.value(item)

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

    def _entry_by_entry(self, inner: Evaluator, body: Node, locals_: dict[str, Value]) -> Value:
        """A function of one number, applied to every entry of a vector or a matrix."""
        ((name, value),) = locals_.items()
        rows, columns = self.fresh_axis("row"), self.fresh_axis("column")
        spread = Value(value.data[..., None, None], (*value.axes, rows, columns))
        inner.locals = {name: spread}
        result = inner.value(body)
        sizes = dict(zip(spread.axes, spread.data.shape, strict=False))
        sizes |= dict(zip(result.axes, result.data.shape, strict=False))
        rest = [axis for axis in sizes if axis not in (rows, columns)]
        data = with_axes(result, [*rest, rows, columns], sizes)
        return Value(data[..., 0, 0], tuple(rest))

    def _under(self, match: Match) -> Value:
        """`p_{\\theta_t}(x)`: the entry with another value of its parameter."""
        assert match.under is not None
        overrides = functions.parameter_overrides(self, match.entry.under, match.under)
        inner = self.child(overrides=overrides)
        return inner.matched(Match(match.entry, match.items, match.components))

    # --- indexing --------------------------------------------------------------------------------

    def _gathered(self, table: Value, items: tuple[Node, ...]) -> Value:
        """The entries of a table that the items point at."""
        slots = [f"{SLOT}{place}" for place in range(len(items))]
        pointers = [
            self.place_of(item, table.size_of(slot))
            for item, slot in zip(items, slots, strict=True)
        ]
        return take(table, dict(zip(slots, pointers, strict=True)))

    def place_of(self, item: Node, size: int) -> Value:
        """Where an index points, from 0."""
        letter = letter_of(item)
        if letter is not None:
            variable = self.variable(letter)
            if variable is None:
                local = self.locals.get(letter)
                if local is not None:
                    return self._checked(
                        local.map(lambda data: np.rint(data.real).astype(int) - 1), size, letter
                    )
                element = self._element(item)
                if element is not None:
                    return element
                variable = self._new_free(letter, size)
            if variable is not None:
                return self._checked(variable.value, size, letter)
        if isinstance(item, Name) and (element := self._element(item)) is not None:
            return element
        if (listed := self._listed(item)) is not None:
            return self.place_of(listed, size)
        if isinstance(item, Assigned):
            return self.place_of(item.value, size)
        if isinstance(item, Placeholder):
            if (dot := self.variables.get("placeholder")) is not None:
                return dot.value
            raise Unclear("a dot stands for a variable that nothing binds")
        value = self.value(item)
        if not value.is_number:
            raise Unclear("an index that is not a number")
        places = np.rint(np.real(value.data)).astype(int) - 1
        if places.size and (places.max() >= size or places.min() < 0):
            raise Unclear("an index that runs beyond what it points into")
        return Value(places, value.axes)

    def _listed(self, item: Node) -> Node | None:
        """The i of `x_i`, where x runs through a finite set and x_i are its elements."""
        if not isinstance(item, Name) or len(item.subs) != 1 or item.sup:
            return None
        if item.base in self.world.letters and not self._is_entry(item.base):
            return item.subs[0].node
        return None

    def _element(self, item: Node) -> Value | None:
        if not isinstance(item, Name):
            return None
        match = self.find(item)
        if match is not None and match.entry.element_of:
            return self.bare(match.entry)
        return None

    def _new_free(self, letter: str, size: int) -> Variable | None:
        """A letter that nothing binds; a dimension such as k keeps its number."""
        if letter.rstrip("'") not in self.world.letters and (
            letter in self.instance.sizes
            or letter in self.world.integers
            or any(entry.element_of for entry in self.entries_of(letter))
        ):
            return None
        return self.free(letter, size)

    def _checked(self, places: Value, size: int, letter: str) -> Value:
        if places.data.size and (places.data.max() >= size or places.data.min() < 0):
            raise Misfit(f"{letter} runs beyond what it points into")
        return places

    def _component(self, value: Value, items: tuple[Node, ...], *, rows: bool = False) -> Value:
        """One or two indices into a vector or a matrix."""
        if value.identity:
            left, right = (self.value(item) for item in items)
            axes, (a, b) = aligned([left, right])
            return Value((a == b).astype(float), axes)
        if len(items) == 1 and value.shape[1] == 1 and not rows:
            return self._picked(value, items[0], -2)
        if len(items) == 1 and value.shape[0] == 1:
            return self._picked(value, items[0], -1)
        if len(items) == 1:
            if isinstance(items[0], Placeholder):
                raise Unclear("an index is missing")
            if isinstance(items[0], Number) and 10 < items[0].value < 100 and not rows:
                # `A_{11}` without a comma
                digits = divmod(int(items[0].value), 10)
                return self._component(value, (Number(digits[0]), Number(digits[1])))
            picked = self._picked(value, items[0], -2)
            return picked if rows else transpose(picked)
        if len(items) == 2 and not value.is_number:
            for place, item in enumerate(items):
                if not isinstance(item, Placeholder):
                    value = self._picked(value, item, -2 if place == 0 else -1)
            return value
        raise Misfit(f"{len(items)} indices on a value that does not have as many")

    def _picked(self, value: Value, item: Node, dimension: int) -> Value:
        places = self.place_of(item, value.data.shape[dimension])
        if dimension == -2:
            table = Value(value.data[..., :, None, :], (*value.axes, "§p"))
        else:
            table = Value(np.swapaxes(value.data, -1, -2)[..., None], (*value.axes, "§p"))
        return take(table, {"§p": places})

    # --- finding names ---------------------------------------------------------------------------

    def entries_of(self, key: str) -> list[Entry]:
        own = self.scope.get(key)
        known = self.world.entries.get(key, [])
        if not own:
            return known
        hidden = {len(entry.params) for entry in own}
        return [*own, *(entry for entry in known if len(entry.params) not in hidden)]

    def find(
        self, name: Name, args: tuple[Node, ...] | None = None, marks: tuple[str, ...] = ()
    ) -> Match | None:
        """What a name stands for, by its scripts and arguments."""
        for key, rest in keys_of(name):
            for exact in (True, False):
                if not exact and (args is not None or rest):
                    match = self._with_parameter(key, rest, args, marks)
                    if match is not None:
                        return match
                entries = self.entries_of(key)
                if not exact:
                    # `Q_{il}` is an entry of Q before it is a column of Q_i.
                    entries = sorted(entries, key=lambda entry: len(entry.params))
                for entry in entries:
                    match = self._match(entry, rest, args, marks, exact=exact)
                    if match is not None and not self._prefers_row(name, match):
                        return match
            match = self._with_parameter(key, rest, args, marks)
            if match is not None:
                return match
        return (
            self._row_of_matrix(name, args)
            or self._turned_round(name, args, marks)
            or self._given_parameter(name, args, marks)
            or self._other_letter(name, args, marks)
        )

    def _turned_round(
        self, name: Name, args: tuple[Node, ...] | None, marks: tuple[str, ...]
    ) -> Match | None:
        """`p(v, c)` is `p(c, v)`: the joint distribution of the same two things."""
        if args is None or len(args) != 2 or marks != (",",):
            return None
        for key, rest in keys_of(name):
            for entry in self.entries_of(key):
                items = (args[1], args[0])
                if not rest and len(entry.params) == 2 and self._fits(entry, items, marks):
                    return Match(entry, items)
        return None

    def _given_parameter(
        self, name: Name, args: tuple[Node, ...] | None, marks: tuple[str, ...]
    ) -> Match | None:
        """`p(x, z | \\theta)` for `p_\\theta(x, z)`."""
        if not args or len(args) < 2 or not isinstance(args[-1], Name) or name.subs:
            return None
        last = args[-1]
        if last.base not in (*self.world.parameters, "theta", "phi"):
            return None
        text = last.base + "".join(f"_{sub.text}" for sub in last.subs)
        under = Name(name.base, (Sub(last, text),), name.sup, name.primes)
        return self.find(under, args[:-1], marks[:-1])

    def _dressed_target(self, name: Name) -> Name | None:
        """`\\hat{\\mu}_k` and `\\mu_k^{new}` for what a context solves for."""
        base = name.base.removeprefix("hat ")
        if base == name.base and name.sup not in ("*", "new", "(new)", "(t+1)"):
            return None
        targets = {
            setting.target.base for context in self.world.contexts for setting in context.settings
        }
        if base not in targets or name.primes or not name.subs:
            return None
        return Name(base, name.subs)

    def _same_optimum(self, name: Name) -> Match | None:
        """`w^*` where the givens say `\\hat{w}`, and the other way round."""
        if name.subs and name.subs[0].text == "*":
            name = Name(name.base, name.subs[1:], "*")
        key = f"hat {name.base}" if name.sup == "*" else ""
        if name.base.startswith("hat ") and not name.sup:
            key = name.base.removeprefix("hat ") + "^*"
        for entry in self.world.entries.get(key, []):
            items = tuple(sub.node for sub in name.subs)
            if not entry.params and not name.primes and len(items) < 2:
                return Match(entry, (), items)
        return None

    def _other_letter(
        self, name: Name, args: tuple[Node, ...] | None, marks: tuple[str, ...]
    ) -> Match | None:
        """The loss of the givens under another letter, and the bound as L."""
        optimum = self._same_optimum(name)
        if optimum is not None:
            return optimum
        plain = self._dressed_target(name) if args is None else None
        if plain is not None:
            return self.find(plain)
        estimator = "".join(sub.text for sub in name.subs)
        if estimator in ("OLS", "LS", "ML", "MLE", "opt") and args is None:
            return (
                self.find(Name(name.base, (), name.sup))
                if name.base.startswith("hat ")
                else self._same_optimum(Name(name.base, (), "*"))
            )
        if name.base == "P" and args is not None:
            return self.find(Name("p", name.subs), args, marks)
        if name.primes or name.sup:
            return None
        is_loss = name.base in LOSS_ALIASES or (
            name.base in ("cal L", "L") and [sub.text for sub in name.subs] in (["CE"], ["C", "E"])
        )
        if is_loss and name.base not in self.instance.sizes:
            for key in ("cal L", "L"):
                for entry in self.world.entries.get(key, []):
                    if args is None or self._loose(entry, args):
                        return Match(entry, alias=True)
        if name.base in BOUND_ALIASES and not name.subs:
            for entry in self.world.entries.get("ELBO", []):
                if not entry.params:
                    return Match(entry, alias=True)
        return None

    def _match(
        self,
        entry: Entry,
        rest: tuple[Sub, ...],
        args: tuple[Node, ...] | None,
        marks: tuple[str, ...],
        *,
        exact: bool,
    ) -> Match | None:
        items = (*(sub.node for sub in rest), *(args or ()))
        count = len(entry.params)
        if count == 1 and entry.params[0].kind == "value" and len(items) > 1 and not args:
            # `R_{2m}`: the items of one subscript are a product again.
            items = (Product(items),)
        if len(items) == count and self._fits(entry, items, marks if args else None):
            return Match(entry, items)
        if exact:
            return None
        if args is None and not items:
            return Match(entry)
        if args is None and len(items) in (count + 1, count + 2):
            if any(isinstance(item, Name) and item.base == "*" for item in items):
                return None
            if any(letter_of(item) in self.world.integers for item in items[count:]):
                # `q_m` is q at position m, not a component.
                return None
            if self._has_components(entry, len(items) - count):
                return Match(entry, items[:count], items[count:])
            return None
        if args is None and count == 1 and len(items) == 1 and entry.params[0].kind == "value":
            return Match(entry, (), items)
        if args is not None and not rest and self._loose(entry, args):
            return Match(entry)
        if args is not None and rest and self._loose(entry, args):
            sub_items = tuple(sub.node for sub in rest)
            return Match(entry, (), sub_items) if count == 0 else Match(entry, sub_items)
        return None

    def _has_components(self, entry: Entry, count: int) -> bool:
        """Two indices into a matrix, one into a vector, or a row of a matrix."""
        if entry.params and any(param.kind != "set" for param in entry.params):
            return not entry.params
        if entry.number in self.world.parts or entry.element_of:
            return False
        try:
            rows, columns = self.table(entry).shape
        except (Misfit, Unclear):
            return False
        if count == 2:
            return rows > 1 and columns > 1
        return rows > 1 or columns > 1

    def _loose(self, entry: Entry, args: tuple[Node, ...]) -> bool:
        """`f^*(x)` where x is fixed, or `L(w)` where L is a value: the argument adds nothing."""
        if any(param.kind == "set" for param in entry.params):
            return False
        if any(param.kind == "opaque" for param in entry.params):
            return False
        if entry.params and any(
            (letter_of(arg) or "").rstrip("'") in self.world.letters for arg in args
        ):
            return False
        base = entry.key.split("_")[0].split("^")[0]
        vocabulary = self.world.vocabulary
        is_known = entry.number in self.world.numbers
        if is_known and base not in vocabulary.calls | vocabulary.words | LOSSES:
            return False
        return all(
            isinstance(arg, Name) and not self._is_applied_elsewhere(arg) for arg in args
        ) and not any(param.kind == "function" for param in entry.params)

    def _is_applied_elsewhere(self, arg: Name) -> bool:
        letter = letter_of(arg)
        if letter is None:
            return False
        if letter in self.locals or letter in self.variables:
            return True
        return False

    def _fits(self, entry: Entry, items: tuple[Node, ...], marks: tuple[str, ...] | None) -> bool:
        if marks is not None and entry.marks and not _same_marks(entry.marks, marks):
            return False
        return all(
            self._item_fits(param, item, pattern)
            for param, item, pattern in itertools.zip_longest(
                entry.params, items, entry.opaque_patterns[: len(items)]
            )
        )

    def _item_fits(self, param: Param, item: Node, pattern: Node | None) -> bool:
        if param.kind == "opaque":
            return functions.opaque_fits(param, item, pattern)
        if param.kind in ("function", "parameter"):
            return isinstance(item, Name | Call)
        size = self._sort_of(item)
        if param.kind == "value":
            return size is None or (letter_of(item) or "").rstrip("'") not in self.world.letters
        if size is None:
            return not self._is_quantity(item)
        if not param.size:
            return True
        return size == self.instance.size(param.size)

    def _is_quantity(self, item: Node) -> bool:
        """A known name that is no element of a set cannot be one."""
        if not isinstance(item, Name) or letter_of(item) in self.locals:
            return False
        if (letter := letter_of(item)) is not None and letter in self.world.letters:
            return False
        match = None
        for key, rest in keys_of(item):
            if not rest and self.entries_of(key):
                match = self.entries_of(key)[0]
                break
        if match is None or match.element_of:
            return False
        return not (match.key in self.instance.sizes or match.key in self.world.integers)

    def _sort_of(self, item: Node) -> int | None:
        """The size of the finite set that an argument runs through, if it can be seen."""
        if isinstance(item, Assigned):
            return self._sort_of(item.value) or self._sort_of(item.name)
        if isinstance(item, Placeholder) and (dot := self.variables.get("placeholder")) is not None:
            return len(dot.places)
        if isinstance(item, Name):
            if self._listed(item) is not None:
                return self.instance.size(self.world.letters[item.base])
            letter = letter_of(item)
            if letter is not None:
                variable = self.variable(letter)
                if variable is not None:
                    return len(variable.places) if variable.sorted else None
                if letter in self.locals:
                    return None
                size = self.world.letters.get(letter.rstrip("'"))
                if size is not None:
                    return self.instance.size(size)
            for key, rest in keys_of(item):
                for entry in self.entries_of(key):
                    if entry.element_of and not rest:
                        return self.instance.size(entry.element_of)
        return None

    def _with_parameter(
        self,
        key: str,
        rest: tuple[Sub, ...],
        args: tuple[Node, ...] | None,
        marks: tuple[str, ...],
    ) -> Match | None:
        """`p_{\\theta_t}(x|z)` where the world knows `p_\\theta(x|z)`, and `p(x|z)` for short."""
        for parameter in self.world.parameters:
            for entry in self.entries_of(f"{key}_{parameter}"):
                if rest and not self.world.is_parameter(rest[0], parameter, self.scope):
                    if not _is_foreign_parameter(rest[0]) or len(rest) > 1:
                        continue
                    match = self._match(entry, rest[1:], args, marks, exact=True)
                    return match
                match = self._match(entry, rest[1:], args, marks, exact=True)
                if match is None and args is None and not rest[1:]:
                    match = Match(entry)
                if match is None:
                    continue
                under = rest[0].node if rest else None
                return Match(match.entry, match.items, match.components, under)
        if rest and _is_foreign_parameter(rest[0]) and args is not None:
            for entry in self.entries_of(key):
                match = self._match(entry, rest[1:], args, marks, exact=True)
                if match is not None:
                    return match
        if rest and len(rest) == 1 and _is_foreign_parameter(rest[0]) and args is None:
            for entry in self.entries_of(key):
                if entry.params and all(param.kind == "set" for param in entry.params):
                    return Match(entry)
        return None

    def _prefers_row(self, name: Name, match: Match) -> bool:
        """`q_i` is a component of q or row i of Q: two readings where both are known."""
        if not match.components or len(name.base) != 1 or not name.base.islower():
            return False
        if name.base.upper() not in self.world.entries or len(name.subs) != 1:
            return False
        self.met.add("rows")
        return "rows" in self.choices

    def _row_of_matrix(self, name: Name, args: tuple[Node, ...] | None) -> Match | None:
        if args is not None or name.sup or name.primes or len(name.base) != 1:
            return None
        if name.base.islower() and len(name.subs) in (1, 2):
            for entry in self.entries_of(name.base.upper()):
                if not entry.params:
                    items = tuple(sub.node for sub in name.subs)
                    if len(items) == 2:
                        return Match(entry, (), items)
                    return Match(entry, (), items, row=True)
        if name.base.isupper() and len(name.subs) in (0, 2):
            for entry in self.entries_of(name.base.lower()):
                if len(entry.params) == 1 and entry.params[0].kind == "set":
                    return Match(entry, (), tuple(sub.node for sub in name.subs), stacked=True)
        return None

    def check_sorts(self, node: Call) -> None:
        """`Z(y)`, where Z takes x, is wrong and not unknown. Raises Misfit."""
        for key, rest in keys_of(node.name):
            for entry in self.entries_of(key):
                if rest or len(entry.params) != len(node.args):
                    continue
                if not _same_marks(entry.marks, node.marks):
                    continue
                for param, arg in zip(entry.params, node.args, strict=True):
                    size = self._sort_of(arg)
                    if param.kind == "set" and param.size and size is not None:
                        if size != self.instance.size(param.size):
                            raise Misfit(f"{entry.key} is a function of {param.name}")

    # --- ranges ----------------------------------------------------------------------------------

    def size_of_letter(self, letter: str, nodes: Iterable[Node]) -> int | None:
        """How far an index runs, by where it points in a formula."""
        natural = self.world.letters.get(letter.rstrip("'"))
        if natural is not None:
            return self.instance.size(natural)
        for node in nodes:
            for one in walk(node):
                size = self._size_at(letter, one)
                if size is not None:
                    return size
        return None

    def _size_at(self, letter: str, node: Node) -> int | None:
        if isinstance(node, Name):
            return self._size_in_name(letter, node, None)
        if isinstance(node, Call):
            return self._size_in_name(letter, node.name, node.args)
        if isinstance(node, Component):
            for place, sub in enumerate(node.subs):
                if letter_of(sub.node) == letter:
                    try:
                        shape = self.value(node.body).shape
                    except (Misfit, Unclear):
                        return None
                    if len(node.subs) == 1:
                        return shape[0] if shape[1] == 1 else shape[place]
                    return shape[place] if place < 2 else None
        return None

    def _size_in_name(self, letter: str, name: Name, args: tuple[Node, ...] | None) -> int | None:
        items = (*(sub.node for sub in name.subs), *(args or ()))
        for item in items:
            listed = self._listed(item)
            if listed is not None and letter_of(listed) == letter and isinstance(item, Name):
                return self.instance.size(self.world.letters[item.base])
        if not any(letter_of(item) == letter for item in items):
            return None
        try:
            match = self.find(name, args)
        except (Misfit, Unclear):
            return None
        if match is None:
            return None
        for param, item in zip(match.entry.params, match.items, strict=False):
            if letter_of(item) == letter:
                if param.size:
                    return self.instance.size(param.size)
                if param.kind == "set":
                    place = match.entry.params.index(param)
                    return self.table(match.entry).size_of(f"{SLOT}{place}")
        for place, item in enumerate(match.components):
            if letter_of(item) == letter:
                if match.items:
                    shape = self.table(match.entry).shape
                elif match.entry.params and match.entry.params[0].kind == "set":
                    table = self.table(match.entry)
                    return table.size_of(SLOT + "0") if place == 0 else table.shape[0]
                else:
                    shape = self.bare(match.entry).shape
                return shape[place] if len(match.components) > 1 or shape[1] != 1 else shape[0]
        return None

    def is_known_number(self, letter: str) -> bool:
        return letter in self.instance.sizes or self._is_entry(letter) or letter in self.locals


def _square(table: Value) -> Value:
    """A number for each pair of indices as a matrix."""
    rows, columns = table.axes.index(f"{SLOT}0"), table.axes.index(f"{SLOT}1")
    rest = tuple(axis for axis in table.axes if not axis.startswith(SLOT))
    order = [table.axes.index(axis) for axis in rest]
    data = table.data[..., 0, 0].transpose(*order, rows, columns)
    return Value(data, rest)


def _same_marks(known: tuple[str, ...], written: tuple[str, ...]) -> bool:
    return len(known) == len(written) and all(
        one == two or {one, two} <= {"|", "||", ";"}
        for one, two in zip(known, written, strict=True)
    )


def _is_foreign_parameter(sub: Sub) -> bool:
    """A Greek subscript that the givens do not have, such as the φ of q_φ, says nothing new."""
    return isinstance(sub.node, Name) and sub.node.base in ("phi", "theta", "psi", "omega")


def _evaluate_name(evaluator: Evaluator, node: Name) -> Value:
    return evaluator.name(node)


def _evaluate_call(evaluator: Evaluator, node: Call) -> Value:
    if node.name.primes and (derived := functions.derivative_of_call(evaluator, node)) is not None:
        return derived
    match = evaluator.find(node.name, node.args, node.marks)
    if match is not None:
        return evaluator.matched(match)
    evaluator.check_sorts(node)
    return functions.builtin_call(evaluator, node)


def _evaluate_component(evaluator: Evaluator, node: Component) -> Value:
    value = evaluator.value(node.body)
    return evaluator._component(value, tuple(sub.node for sub in node.subs))


def _evaluate_number(_: Evaluator, node: Number) -> Value:
    return number(node.value)


_EVALUATORS: dict[type[Node], Callable[[Any, Any], Value]] = {
    Name: _evaluate_name,
    Call: _evaluate_call,
    Component: _evaluate_component,
    Number: _evaluate_number,
    **arithmetic.EVALUATORS,
    **functions.EVALUATORS,
    **sums.EVALUATORS,
    **expectations.EVALUATORS,
    **derivatives.EVALUATORS,
    **optima.EVALUATORS,
}
