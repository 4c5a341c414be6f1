"""Distributions by their written names: which one is meant, and its outcomes as bound variables."""

from __future__ import annotations

from dataclasses import dataclass

from app.checker.computing.bindings import Environment
from app.checker.computing.scope import SLOT, UnknownName, Variable
from app.checker.failures import Unclear
from app.checker.reading.tree import Assigned, Call, Name, Node
from app.checker.world.entries import Match, letter_of, name_of_letter
from app.checker.world.values import Value


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Bound:
    """The outcomes of a distribution: their letters as written, their variables, the probabilities,
    and the scope in which the letters mean the variables."""

    letters: list[str]
    variables: list[Variable]
    weight: Value
    inner: Environment


def bind(env: Environment, law: Name | Call, letters: list[str] | None = None) -> Bound:
    """With `letters` for the outcomes, if there are as many."""
    match, names = outcome_names(env, law)
    if letters and len(letters) == len(names):
        names = letters
    variables: dict[str, Variable] = {}
    for name, place in zip(names, match.entry.outcomes, strict=True):
        variables[name] = env.bound(name, _size(env, match, place))
    own = [variables[name] for name in names]
    if len(variables) == 1:
        variables["placeholder"] = own[0]
    inner = env.child(variables=variables)
    return Bound(names, own, inner.matched(with_letters(match, names)), inner)


def _size(env: Environment, match: Match, place: int) -> int:
    param = match.entry.params[place]
    if param.size:
        return env.instance.size(param.size)
    return env.table(match.entry).size_of(f"{SLOT}{place}")


def with_letters(match: Match, names: list[str]) -> Match:
    """The distribution with its outcomes under these letters; conditions as written, or by the
    letters of the givens."""
    entry = match.entry
    items: list[Node] = []
    for place, param in enumerate(entry.params):
        if place in entry.outcomes:
            items.append(name_of_letter(names[entry.outcomes.index(place)]))
        elif match.items:
            items.append(match.items[place])
        else:
            items.append(Name(param.name))
    return Match(entry, tuple(items), (), match.under)


def outcome_names(env: Environment, law: Name | Call) -> tuple[Match, list[str]]:
    """The entry of a distribution and the letters of its outcomes as they are written."""
    name = law if isinstance(law, Name) else law.name
    if isinstance(law, Call):
        match = env.find(name, law.args, law.marks)
    else:
        match = find_distribution(env, name)
    if match is None or not match.entry.params:
        raise UnknownName(name)
    letters: list[str] = []
    for place in match.entry.outcomes:
        written: Node | None = match.items[place] if match.items else None
        if isinstance(written, Assigned):
            written = written.value
        letter = letter_of(written) if written is not None else None
        letters.append(letter or match.entry.params[place].name)
    return match, letters


def find_distribution(env: Environment, name: Name) -> Match | None:
    """A distribution by its bare name, if only one has it."""
    match = env.find(name)
    if match is None or not match.entry.params or match.items:
        return match
    found = [
        entry
        for entry in env.entries_of(match.entry.key)
        if entry.params
        and all(param.kind == "set" for param in entry.params)
        and "succ" not in entry.marks
    ]
    if len(found) > 1:
        raise Unclear(f"{name.base} stands for several distributions here: write its arguments")
    return Match(found[0] if found else match.entry, (), (), match.under)
