"""The names that a line introduces.

`\\delta := \\hat{y} - y` says that it introduces one; `\\delta = \\hat{y} - y` does so too if
nothing has that name yet, and claims something otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from app.checker.computing.calls import is_numbered
from app.checker.computing.compare import related
from app.checker.computing.evaluate import Evaluator
from app.checker.computing.labels import LABEL
from app.checker.computing.scope import UnknownName
from app.checker.failures import Misfit, Unclear
from app.checker.judging.desk import GENERAL, fresh_scope, in_letters
from app.checker.judging.sheet import Sheet
from app.checker.reading.lines import Clause
from app.checker.reading.saying import say
from app.checker.reading.tree import (
    Add,
    Arbitrary,
    Call,
    Chain,
    Divide,
    Function,
    Name,
    Negate,
    Node,
    Power,
    Product,
    SetOf,
    children,
    walk,
)
from app.checker.world.declarations import writers_entry
from app.checker.world.entries import Entry, keys_of, letter_of, name_of_letter


class Definitions:
    """Takes the definitions of a line into the sheet; `names` are those introduced so far."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.desk = sheet.desk
        self.names: list[Name] = []
        self.conditioned = False

    def declare(self, clause: Clause, chain: Chain) -> bool:
        """`\\text{let } u \\in \\mathbb{R}^d` gives a name any value of that shape.

        Raises Misfit, Unclear.
        """
        name, space = chain.sides
        if not isinstance(name, Name) or not isinstance(space, SetOf) or space.kind != "real":
            return False
        if not self._introduces(name, ":=" if clause.role == "let" else "=", clause):
            return False
        self._define(name, Arbitrary(space.power))
        return True

    def take(self, clause: Clause, chain: Chain, *, conditioned: bool = False) -> bool:
        """Whether the first link of the chain introduces a name. Under a condition, no known name
        is given another meaning by the way. Raises Misfit, Unclear."""
        self.conditioned = conditioned
        left, right = chain.sides[:2]
        relation = chain.relations[0]
        if relation == "=:" and self._introduces(right, relation, clause):
            self._define(right, left)
        elif relation in ("=", ":=") and self._introduces(left, relation, clause):
            self._define(left, right)
        elif (
            chain.relations == ("=",)
            and isinstance(right, Name)
            and self._introduces(right, "=", clause)
            and not self._is_unknown(left)
        ):
            self._define(right, left)
        else:
            return False
        return True

    # --- is it new? ------------------------------------------------------------------------------

    def _introduces(self, node: Node, relation: str, clause: Clause) -> bool:
        name = node.name if isinstance(node, Call) else node
        if not isinstance(name, Name) or not name.base:
            return False
        said = relation == ":=" or clause.role == "let"
        if (
            isinstance(node, Name)
            and not name.subs
            and name.base in self.desk.world.instances[0].sizes
        ):
            return said
        if _is_reserved(node, name):
            return False
        args, marks = (node.args, node.marks) if isinstance(node, Call) else (None, ())
        # Whether what stands below a name is an index is seen in all of the line.
        shown = clause.chain.sides if LABEL in self.desk.choices else (node,)
        evaluator = fresh_scope(self.desk.evaluators(GENERAL)[0], shown)
        match = evaluator.find(name, args, marks)
        if match is None:
            if name.primes and evaluator.find(replace(name, primes=0), args, marks) is not None:
                return args is None and (said or self._is_no_transpose(name, clause.chain))
            return self._is_new(evaluator, name, args, marks, relation)
        if match.alias:
            return True
        if said and is_numbered(match.entry):
            # Beside the R_m for every number m, R and R(φ) are other names.
            return isinstance(node, Call) or not match.items
        about_itself = _mentions(clause.chain.sides[1:], name.base)
        own = match.entry.key in self.desk.scope
        if match.entry.weak:
            return not own and not about_itself and not self.conditioned
        if own and [param.kind for param in match.entry.params] == ["set"] and not match.items:
            # n beside n_v is another name; J beside J_{ij} is the matrix.
            return isinstance(node, Name) and not about_itself
        # Said so, a name is introduced, unless the givens state what it is.
        return said and (own or not match.entry.given)

    def _is_new(
        self,
        evaluator: Evaluator,
        name: Name,
        args: tuple[Node, ...] | None,
        marks: tuple[str, ...],
        relation: str,
    ) -> bool:
        """Whether a name that stands for nothing yet may be introduced. Raises Misfit."""
        if relation == "=" and args is None:
            # γ_{ki} beside γ_{ik} is a mistake, and no new name.
            evaluator.check_index(name)
        if relation == "=" and args is not None:
            vocabulary = self.sheet.vocabulary
            if name.base in vocabulary.values - vocabulary.calls and (
                match := evaluator.find(name)
            ):
                if is_numbered(match.entry):
                    return False
                raise Unclear(f"{say(name)} is something else in the givens")
            # So is r(y, x) beside r(x, y).
            evaluator.check_sorts(Call(name, args, marks))
        letter = letter_of(name)
        return letter is None or letter not in self.desk.world.letters

    def _is_no_transpose(self, name: Name, chain: Chain) -> bool:
        """`S' = S + M` gives a new matrix a name: it is not the transpose of S."""
        inner = fresh_scope(self.desk.evaluators(GENERAL)[0], chain.sides)
        try:
            is_matrix = not inner.value(replace(name, primes=0)).is_number
            inner.value(chain.sides[1])
        except (Misfit, Unclear):
            return False
        return is_matrix and not self._is_true(name, chain)

    def _is_true(self, left: Node, chain: Chain) -> bool:
        """Whether it is said already, with the meaning that the name has."""
        for evaluator in self.desk.evaluators(GENERAL):
            inner = fresh_scope(evaluator, chain.sides)
            try:
                with np.errstate(all="ignore"):
                    sides = inner.value(left), inner.value(chain.sides[1])
                if not related(*sides, "=").true:
                    return False
            except (Misfit, Unclear, np.linalg.LinAlgError):
                return False
        return True

    def _is_unknown(self, node: Node) -> bool:
        evaluator = fresh_scope(self.desk.evaluators(GENERAL)[0], (node,))
        try:
            evaluator.value(node)
        except UnknownName:
            return True
        except (Misfit, Unclear):
            return False
        return False

    # --- taking it -------------------------------------------------------------------------------

    def _define(self, left: Node, body: Node) -> None:
        name = left.name if isinstance(left, Call) else left
        assert isinstance(name, Name)
        args, marks = (left.args, left.marks) if isinstance(left, Call) else ((), ())
        if isinstance(left, Name) and not left.subs:
            args, marks = self._arguments_left_out(body)
            applied = self._applied(body)
            if not args and applied is not None:
                args, body = applied.args, applied
        if name.base not in self.desk.world.entries and _mentions_alike(body, name):
            raise Unclear(f"{say(name)} is defined by itself")
        entry = writers_entry(
            self.desk.world, self.sheet.vocabulary, name, args, marks, body, self.desk.scope
        )
        if self._leads_back(entry.key, body, set()):
            raise Unclear(f"{say(name)} is defined in a circle")
        self._try_out(entry, body)
        others = [
            one
            for one in self.desk.scope.get(entry.key, [])
            if len(one.params) != len(entry.params)
        ]
        # A new list: a line that fails takes its definitions back.
        self.desk.scope[entry.key] = [*others, entry]
        self.desk.rename()
        self.sheet.vocabulary = self.sheet.vocabulary.with_name(
            name.base, name.sup, takes_brackets=bool(args)
        )
        self.names.append(name)

    def _arguments_left_out(self, body: Node) -> tuple[tuple[Node, ...], tuple[str, ...]]:
        """`m = \\frac12 (p + q)` means the function m(x): p and q stand there as functions."""
        evaluator = self.desk.evaluators(GENERAL)[0]
        for name in _operands(body):
            match = evaluator.find(name)
            if match is not None and not match.items and evaluator.is_function(match.entry):
                params = match.entry.params
                return tuple(name_of_letter(param.name) for param in params), match.entry.marks
        return (), ()

    def _applied(self, body: Node) -> Call | None:
        r"""A function of a number that stands alone, as in `\phi := \sigma'`, at its argument t."""
        if not isinstance(body, Name) or body.subs:
            return None
        match = self.desk.evaluators(GENERAL)[0].find(replace(body, primes=0))
        if match is None or match.items or not match.entry.called:
            return None
        kinds = [param.kind for param in match.entry.params]
        letter = match.entry.params[0].name if kinds == ["value"] else ""
        # The loss at the w of the givens is a number.
        is_free = letter and letter not in self.desk.world.entries
        return Call(body, (Name(letter),)) if is_free else None

    def _leads_back(self, key: str, body: Node, seen: set[int]) -> bool:
        """Whether a definition needs itself, through the writer's other names."""
        for one in walk(body):
            if not isinstance(one, Name):
                continue
            for name_key, _ in keys_of(one):
                if name_key == key and seen:
                    return True
                for entry in self.desk.scope.get(name_key, []):
                    if key in (entry.key, name_key):
                        return True
                    if entry.number not in seen and entry.body is not None:
                        seen.add(entry.number)
                        if self._leads_back(key, entry.body, seen):
                            return True
        return False

    def _try_out(self, entry: Entry, body: Node) -> None:
        """A definition has to have a value. Raises Misfit, Unclear."""
        if isinstance(body, SetOf) or any(param.kind != "set" for param in entry.params):
            return
        for evaluator in self.desk.evaluators(GENERAL):
            inner = fresh_scope(evaluator, (body,))
            try:
                with np.errstate(all="ignore"):
                    if entry.params:
                        inner.tabulated(entry, body)
                    else:
                        inner.value(body)
            except Misfit as error:
                raise Misfit(in_letters(str(error), evaluator)) from error


def _operands(node: Node) -> Iterator[Name]:
    """The names that a formula calculates with."""
    if isinstance(node, Name):
        yield node
    elif isinstance(node, Add | Negate | Product | Divide | Power | Function):
        for child in children(node):
            yield from _operands(child)


def _is_reserved(node: Node, name: Name) -> bool:
    """I, a vector of ones, δ_{ij}, and the density N(x; μ, Σ)."""
    if isinstance(node, Call):
        return name.base in ("cal N", "N") and len(node.args) == 3
    if name.base == "delta":
        return len(name.subs) == 2 and any(sub.text for sub in name.subs)
    return name.base in ("I", "ones")


def _mentions(nodes: tuple[Node, ...], base: str) -> bool:
    """`v = … v …` says something about v and does not introduce it."""
    return any(isinstance(one, Name) and one.base == base for node in nodes for one in walk(node))


def _mentions_alike(node: Node, name: Name) -> bool:
    wanted = name.base, name.subs, name.sup
    return any(
        isinstance(one, Name) and (one.base, one.subs, one.sup) == wanted for one in walk(node)
    )
