r"""Finding what a name stands for.

The same thing is written in many ways: `p_\theta(x|z)` as `p(x|z)` or `p(x|z; \theta)`, row i of X
as `x_i`, component i of w as `w_i`, the loss as L or J. What the givens say literally comes first,
the other spellings after it, and a subscript belongs to the name as far as any entry has it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from app.checker.computing.labels import Labels
from app.checker.failures import Misfit, Unclear
from app.checker.reading.tree import (
    Call,
    Name,
    Node,
    Number,
    Optimum,
    Product,
    Sub,
    Transpose,
    walk,
)
from app.checker.reading.vocabulary import BOUND_ALIASES, LOSS_ALIASES, LOSSES
from app.checker.world.entries import Entry, Match, keys_of, letter_of, name_of_letter, timed

ESTIMATORS = frozenset(["OLS", "LS", "ML", "MLE", "opt"])
# A reading in which a family is meant for each of its members.
INDEX_LEFT_OUT = "an index left out"
# One in which a name at the next time is what was solved for.
UPDATE = "an update"
UPDATED = frozenset(["*", "new", "(new)", "(t+1)"])

Args = tuple[Node, ...]
Marks = tuple[str, ...]


class Lookup(Labels):
    """A frame in which names are found."""

    def find(self, name: Name, args: Args | None = None, marks: Marks = ()) -> Match | None:
        """What a name stands for, by its scripts and arguments."""
        if args is None and not name.subs:
            one_of_many = self._with_index_left_out(name)
            if one_of_many is not None:
                return one_of_many
        if args is None and len(name.subs) > 1 and name.subs[-1].text == "t" and not name.sup:
            return self._at_time(name)
        if args is None and name.sup == "t+1" and (updated := self._updated(name)) is not None:
            return updated
        for key, rest in keys_of(name):
            for exact in (True, False):
                if not exact and (args is not None or rest):
                    match = self._with_parameter(key, rest, args, marks)
                    if match is not None:
                        return match
                for entry in self._in_order(key, called=args is not None, exact=exact):
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
            or self._with_conditions_left_out(name, args, marks)
            or self._of_an_indicator(name, args)
            or self._other_letter(name, args, marks)
        )

    def _in_order(self, key: str, *, called: bool, exact: bool) -> list[Entry]:
        entries = self.entries_of(key)
        if len(entries) > 1:
            # `R_m` is not R(m), where there are both.
            entries = sorted(entries, key=lambda entry: entry.called != called)
            if not exact:
                # `Q_{il}` is an entry of Q before it is a column of Q_i.
                entries = sorted(entries, key=lambda entry: len(entry.params))
        return entries

    def _with_index_left_out(self, name: Name) -> Match | None:
        """If that is the reading; where the name alone is something else, it is a reading too."""
        entries = self.entries_of(keys_of(name)[0][0])
        is_chosen = INDEX_LEFT_OUT in self.choices
        if not is_chosen and all(entry.params for entry in entries):
            return None
        has_twin = not all(entry.params for entry in entries)
        for entry in entries:
            shared = self._shared_index(entry) if has_twin else ()
            if shared or self.leaves_index_out(entry):
                if is_chosen:
                    return Match(entry, shared)
                self.met.add(INDEX_LEFT_OUT)
        return None

    def _shared_index(self, entry: Entry) -> tuple[Node, ...]:
        r"""The 1 of `\Sigma v_1 = \lambda v_1`, where λ is meant for λ_1: the only index in the
        line, and a number. In `\Sigma v_j = \lambda v_j` one λ would be there for all j."""
        if [param.kind for param in entry.params] != ["set"] or self.is_function(entry):
            return ()
        names = (one for side in self.statement for one in walk(side) if isinstance(one, Name))
        items = {sub.node for one in names for sub in one.subs}
        if len(items) != 1 or not all(map(self._is_one_number, items)):
            return ()
        return tuple(items) if self.table(entry).is_number else ()

    def _is_one_number(self, item: Node) -> bool:
        letter = letter_of(item)
        return isinstance(item, Number) or (
            letter in self.instance.sizes and letter not in self.world.letters
        )

    def _updated(self, name: Name) -> Match | None:
        r"""`\mu_k^{t+1}` may be what a step of the derivation makes of μ_k."""
        plain = self._dressed_target(Name(name.base, name.subs, "(t+1)"))
        if plain is None:
            return None
        self.met.add(UPDATE)
        return self.find(plain) if UPDATE in self.choices else None

    def _at_time(self, name: Name) -> Match | None:
        r"""`\mu_k^{(t)}` is `\mu_k^t`; a rule is computed then, or from what there is then."""
        own = Name(name.base, name.subs[:-1], "t")
        if any(self.entries_of(key) for key, _ in keys_of(own)):
            return self.find(own)
        match = self.find(Name(name.base, name.subs[:-1]))
        if match is None or not self.world.parameters:
            return match
        self.met.add(UPDATE)
        if UPDATE not in self.choices:
            return match
        parameter = next(iter(self.world.parameters))
        entry = replace(match.entry, under=parameter)
        return Match(entry, match.items, match.components, Name(parameter, name.subs[-1:]))

    def leaves_index_out(self, entry: Entry) -> bool:
        r"""Whether v may stand for each `v_j`, as in `\Sigma v = \lambda v`: not in a line that has
        the letter j."""
        if [param.kind for param in entry.params] != ["set"] or self.is_function(entry):
            return False
        letter = entry.params[0].name
        return not self.is_bound(letter) and not any(
            isinstance(one, Name) and one.base == letter
            for side in self.statement
            for one in walk(side)
        )

    # --- one entry -------------------------------------------------------------------------------

    def _match(
        self, entry: Entry, rest: tuple[Sub, ...], args: Args | None, marks: Marks, *, exact: bool
    ) -> Match | None:
        items = (*(sub.node for sub in rest), *(args or ()))
        count = len(entry.params)
        if len(items) > 1 and not args and self._is_numbered(entry):
            # `R_{2m}`: the items of one subscript are a product again.
            items = (Product(items),)
        if len(items) == count and self.fits(
            entry, items, marks if args else None, subscripts=len(rest)
        ):
            is_one_of_many = count == len(rest) == 1 and entry.params[0].kind == "set"
            if is_one_of_many and self.is_label(entry, items[0]):
                return None
            return Match(entry, items)
        if exact:
            return None
        if args is None:
            return self._match_subscripts(entry, items)
        if not self._adds_nothing(entry, args) or (not rest and self._is_numbered(entry)):
            return None
        subs = tuple(sub.node for sub in rest)
        return Match(entry, subs) if count else Match(entry, (), subs)

    def _match_subscripts(self, entry: Entry, items: tuple[Node, ...]) -> Match | None:
        """No index at all, or one or two that pick a component beyond the entry's own."""
        count = len(entry.params)
        if not items:
            return Match(entry)
        if count == 1 and entry.params[0].kind == "value" and not self._is_numbered(entry):
            return Match(entry, (), items) if len(items) < 3 else None
        if len(items) in (count + 1, count + 2):
            if any(isinstance(item, Name) and item.base == "*" for item in items):
                return None
            if any(_is_label(item) or self._is_matrix(item) for item in items[count:]):
                return None
            if any(letter_of(item) in self.world.integers for item in items[count:]):
                # `q_m` is q at position m, not a component.
                return None
            if self._has_components(entry, len(items) - count):
                if len(items) == 1 and self.is_label(entry, items[0]):
                    return None
                return Match(entry, items[:count], items[count:])
            return None
        return None

    def _is_numbered(self, entry: Entry) -> bool:
        r"""One for every number, such as R_m: `R_\theta` is no part of one."""
        return len(entry.params) == 1 and entry.params[0].name in self.world.integers

    def _is_matrix(self, item: Node) -> bool:
        """The A of `G_A`, a gradient with respect to A, is no index."""
        letter = letter_of(item)
        return (
            letter is not None
            and letter.isupper()
            and letter not in self.world.letters
            and not self.is_bound(letter)
            and any(not self.is_function(entry) for entry in self.entries_of(letter))
        )

    def _has_components(self, entry: Entry, count: int) -> bool:
        """Two indices into a matrix, one into a vector, or a row of a matrix."""
        if any(param.kind != "set" for param in entry.params):
            return False
        if entry.number in self.world.parts or entry.element_of:
            return False
        try:
            rows, columns = self.table(entry).shape
        except (Misfit, Unclear):
            return False
        if count == 2:
            return rows > 1 and columns > 1
        return rows > 1 or columns > 1

    def _adds_nothing(self, entry: Entry, args: Args) -> bool:
        """`f^*(x)` where x is fixed, or `L(w)` where L is a value: the argument is no news."""
        if any(param.kind in ("set", "opaque", "function") for param in entry.params):
            return False
        if entry.params and any(
            (letter_of(arg) or "").rstrip("'") in self.world.letters for arg in args
        ):
            return False
        base = entry.key.split("_")[0].split("^")[0]
        vocabulary = self.world.vocabulary
        is_known = entry.number in self.world.numbers
        takes_any = not is_known or base in vocabulary.calls | vocabulary.words | LOSSES
        if not takes_any and not all(self._is_made_of(entry, arg) for arg in args):
            return False
        if any(
            isinstance(arg, Name) and (self._is_another(arg) or self._is_foreign(entry, arg))
            for arg in args
        ):
            return False
        return all(self._is_fixed(arg) for arg in args) and not self.are_exchanged(args)

    def _is_fixed(self, arg: Node) -> bool:
        if isinstance(arg, Call):
            # The `f(x)` of `Bias(f(x))`.
            match = self.find(arg.name, arg.args, arg.marks)
            return match is not None and not match.items
        return (
            isinstance(arg, Name)
            and not self.is_bound(letter_of(arg))
            and not self.is_all_of_them(arg)
        )

    def _is_another(self, arg: Name) -> bool:
        r"""`\theta_t`, where the world has a θ: another value of it, and so news."""
        return bool(arg.subs or arg.primes or arg.sup) and arg.base in self.world.parameters

    def _is_foreign(self, entry: Entry, arg: Name) -> bool:
        """The y of `f(y)`, where the givens have a y, and an f that does not depend on it."""
        letter = letter_of(arg)
        known = self.world.entries.get(letter or "", [])
        return (
            bool(known)
            and letter not in self.scope
            and not any(one.number in self.world.needs(entry, self.scope) for one in known)
        )

    def _is_made_of(self, entry: Entry, arg: Node) -> bool:
        """The x of `p(x)`, where p is computed from it; the best w is not made of a w."""
        if not isinstance(arg, Name):
            return False
        needs = self.world.needs(entry, self.scope)
        optima = [
            one.body
            for entries in self.world.entries.values()
            for one in entries
            if one.number in needs and isinstance(one.body, Optimum)
        ]
        return all(arg not in optimum.variables for optimum in optima) and any(
            one.number in needs and one is not entry
            for one in self.world.entries.get(keys_of(arg)[0][0], [])
        )

    # --- distributions with a parameter ----------------------------------------------------------

    def _with_parameter(
        self, key: str, rest: tuple[Sub, ...], args: Args | None, marks: Marks
    ) -> Match | None:
        r"""`p_{\theta_t}(x|z)` where the world knows `p_\theta(x|z)`, and `p(x|z)` for short."""
        is_foreign = bool(rest) and _is_foreign_parameter(rest[0], self.world.parameters)
        for parameter in self.world.parameters:
            for entry in self.entries_of(f"{key}_{parameter}"):
                if rest and not self.world.is_parameter(rest[0], parameter, self.scope):
                    if not is_foreign or len(rest) > 1:
                        continue
                    return self._match(entry, (), args, marks, exact=True)
                match = self._match(entry, rest[1:], args, marks, exact=True)
                if match is None and args is None and not rest[1:]:
                    match = Match(entry)
                if match is not None:
                    under = rest[0].node if rest else None
                    return Match(match.entry, match.items, match.components, under)
        if is_foreign and args is not None:
            for entry in self.entries_of(key):
                match = self._match(entry, rest[1:], args, marks, exact=True)
                if match is not None:
                    return match
        if is_foreign and args is None and len(rest) == 1:
            for entry in self.entries_of(key):
                if entry.params and all(param.kind == "set" for param in entry.params):
                    return Match(entry)
        return None

    def _given_parameter(self, name: Name, args: Args | None, marks: Marks) -> Match | None:
        r"""`p(x, z | \theta)` for `p_\theta(x, z)`."""
        if not args or len(args) < 2 or not isinstance(args[-1], Name) or name.subs:
            return None
        last = args[-1]
        if last.base not in (*self.world.parameters, "theta", "phi"):
            return None
        text = last.base + "".join(f"_{sub.text}" for sub in last.subs)
        under = Name(name.base, (Sub(last, text),), name.sup, name.primes)
        return self.find(under, args[:-1], marks[:-1])

    def _with_conditions_left_out(
        self, name: Name, args: Args | None, marks: Marks
    ) -> Match | None:
        r"""`\pi(y)` and `r(y)` for `\pi(y|x)` and `r(x,y)`, where x is given all along."""
        if args is None:
            return None
        for key, rest in keys_of(name):
            for entry in self.entries_of(key):
                items: list[Node] = [name_of_letter(param.name) for param in entry.params]
                open_ = [place for place in entry.outcomes if not self._is_given(entry, place)]
                if rest or len(open_) == len(items) or len(open_) != len(args):
                    continue
                for place, arg in zip(open_, args, strict=True):
                    items[place] = arg
                same_marks = marks == entry.marks[: len(args) - 1]
                if same_marks and self.fits(entry, tuple(items), None):
                    return Match(entry, tuple(items))
        return None

    def _of_an_indicator(self, name: Name, args: Args | None) -> Match | None:
        r"""`\gamma(z_{ik})` for `\gamma_{ik}`, where the `z_{ik}` say which component it is."""
        if args is None or len(args) != 1 or name.subs:
            return None
        item = args[0]
        if not isinstance(item, Name) or len(item.subs) < 2 or item.base not in self.world.letters:
            return None
        for entry in self.entries_of(keys_of(name)[0][0]):
            if len(entry.params) == len(item.subs) and not self.is_function(entry):
                return self.find(Name(name.base, item.subs, name.sup, name.primes))
        return None

    def _is_given(self, entry: Entry, place: int) -> bool:
        return entry.params[place].name in self.world.conditions

    # --- other spellings -------------------------------------------------------------------------

    def _turned_round(self, name: Name, args: Args | None, marks: Marks) -> Match | None:
        """`p(v, c)` is `p(c, v)`: the joint distribution of the same two things."""
        if args is None or len(args) != 2 or marks != (",",):
            return None
        items = (args[1], args[0])
        for key, rest in keys_of(name):
            for entry in self.entries_of(key):
                is_joint = entry.marks == (",",) and entry.key in self.world.laws
                if not rest and is_joint and self.fits(entry, items, marks):
                    return Match(entry, items)
        return None

    def _prefers_row(self, name: Name, match: Match) -> bool:
        """`q_i` is a component of q or row i of Q: two readings where both are known."""
        if not match.components or len(name.base) != 1 or not name.base.islower():
            return False
        if name.base.upper() not in self.world.entries or len(name.subs) != 1:
            return False
        self.met.add("rows")
        return "rows" in self.choices

    def _row_of_matrix(self, name: Name, args: Args | None) -> Match | None:
        """`x_i` and `x_{ij}` where the givens have X, and X where they have the `x_i`."""
        if args is not None or name.sup or name.primes or len(name.base) != 1:
            return None
        items = tuple(sub.node for sub in name.subs)
        if name.base.islower() and len(items) in (1, 2):
            for entry in self.entries_of(name.base.upper()):
                if entry.params or (len(items) == 1 and self.is_label(entry, items[0])):
                    continue
                return Match(entry, (), items, row=len(items) == 1)
        if name.base.isupper() and len(items) in (0, 2):
            for entry in self.entries_of(name.base.lower()):
                kinds = [param.kind for param in entry.params]
                if kinds == ["set"] and not self.is_function(entry):
                    return Match(entry, (), items, stacked=True)
        return None

    def _other_letter(self, name: Name, args: Args | None, marks: Marks) -> Match | None:
        """The optimum, the loss and the bound of the givens under another letter, P for p, and
        `\\theta^{(t)}` for `\\theta_t`."""
        if (at_time := timed(name)) is not name:
            return self.find(at_time, args, marks)
        optimum = self._same_optimum(name)
        if optimum is not None:
            return optimum
        plain = self._dressed_target(name) if args is None else None
        if plain is not None:
            return self.find(plain)
        if args is None and "".join(sub.text for sub in name.subs) in ESTIMATORS:
            if name.base.startswith("hat "):
                return self.find(Name(name.base, (), name.sup))
            return self._same_optimum(Name(name.base, (), "*"))
        if name.base == "P" and args is not None:
            return self.find(Name("p", name.subs), args, marks)
        if name.primes or name.sup:
            return None
        return self._loss(name, args) or self._bound(name)

    def _same_optimum(self, name: Name) -> Match | None:
        r"""`w^*` where the givens say `\hat{w}`, and the other way round."""
        if name.subs and name.subs[0].text in ("*", "star", "ast"):
            name = Name(name.base, name.subs[1:], "*")
            if any(self.entries_of(key) for key, _ in keys_of(name)):
                return self.find(name)
        key = f"hat {name.base}" if name.sup == "*" else ""
        if name.base.startswith("hat ") and not name.sup:
            key = name.base.removeprefix("hat ") + "^*"
        items = tuple(sub.node for sub in name.subs)
        for entry in self.world.entries.get(key, []):
            if entry.params or name.primes or len(items) > 1:
                continue
            if not items or not self.is_label(entry, items[0]):
                return Match(entry, (), items)
        return None

    def _dressed_target(self, name: Name) -> Name | None:
        r"""`\hat{\mu}_k` and `\mu_k^{new}` for what a context solves for."""
        base = name.base.removeprefix("hat ")
        if base == name.base and name.sup not in UPDATED:
            return None
        targets = {
            setting.target.base for context in self.world.contexts for setting in context.settings
        }
        if base not in targets or name.primes or not name.subs:
            return None
        return Name(base, name.subs)

    def _loss(self, name: Name, args: Args | None) -> Match | None:
        is_loss = name.base in LOSS_ALIASES or (
            name.base in ("cal L", "L") and [sub.text for sub in name.subs] in (["CE"], ["C", "E"])
        )
        if is_loss and name.base not in self.instance.sizes and not self._is_transposed(name):
            for key in ("cal L", "L"):
                for entry in self.world.entries.get(key, []):
                    if args is not None and _is_at_another_value(entry, args):
                        return Match(entry, args)
                    if args is None or self._adds_nothing(entry, args):
                        return Match(entry, alias=True)
        return None

    def _is_transposed(self, name: Name) -> bool:
        """A J with a transpose is a Jacobian and no loss."""
        return any(
            isinstance(one, Transpose) and isinstance(one.base, Name) and one.base.base == name.base
            for side in self.statement
            for one in walk(side)
        )

    def _bound(self, name: Name) -> Match | None:
        if name.base in BOUND_ALIASES and not name.subs:
            for entry in self.world.entries.get("ELBO", []):
                if not entry.params:
                    return Match(entry, alias=True)
        return None


def _is_foreign_parameter(sub: Sub, known: Collection[str]) -> bool:
    """A Greek subscript that the givens do not have, such as the φ of q_φ, says nothing new."""
    letter = letter_of(sub.node)
    return letter in ("phi", "theta", "psi", "omega") and letter not in known


def _is_at_another_value(entry: Entry, args: Args) -> bool:
    """`J(w + v)`, which gives J no meaning: it is the loss at that point."""
    kinds = [param.kind for param in entry.params]
    return kinds == ["value"] and len(args) == 1 and not isinstance(args[0], Name | Call)


def _is_label(item: Node) -> bool:
    """The OLS of w_OLS is no index."""
    return isinstance(item, Name) and item.base in ESTIMATORS
