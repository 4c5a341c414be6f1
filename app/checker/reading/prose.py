"""The prose between formulas: which words need no \\text, and what they say of the next formula."""

import re
from typing import NamedTuple

WORDS = frozenset(
    """
    again all also an and any are as assume assuming at average bayes be because both bound but by
    call can cancel canceling cancelling cancels cannot case chain column columns const constant
    data define definite definition denote differentiate differentiating divide dividing down drop
    drops each else equality equals equation equations equivalently error every everywhere expand
    expanding expectation expected false finally find first follows for from get give given gives
    gradient had has hat have hence here hessian hold holds identity if iff implies in independent
    inequality invertible is it its jensen know let likewise line loss matrix maximum may mean means
    minimum multiply multiplying must next noise normal not note now number numbers obtain of on one
    only optimal optimum or orthogonal otherwise our out over per plug plugging point points
    positive posterior prior product put rearrange rearranging recall residual row rows rule same
    sample samples scalar second see semidefinite set side sides similarly simplify simplifying
    since so solve solving somewhere st step subject substitute substituting such sum suppose
    symmetric take taking term terms that the then there therefore these third this thus tight to
    true two under unless up use using value values vanish vanishes variance vector was we when
    where which whose with write yield yields zero
    """.split()  # noqa: SIM905
)


class Role(NamedTuple):
    """Of the formulas after a remark: claim, condition, let, where, reason, aside (says when the
    sides of a bound are equal) or iff (a claim that is equivalent). A sticky role lasts to the end
    of the line or row."""

    name: str
    sticky: bool = False


# The first pattern that is found decides. All but the first want the word at the end of a remark.
_ROLES = [
    # "with equality iff p = q" says when more is true.
    (Role("aside"), r"\b(equality|tight)\b"),
    (Role("iff"), r"\b(iff|if and only if|exactly when|exactly if)\W*$"),
    (Role("condition", sticky=True), r"\b(s\.?\s?t\.?|subject to|such that)\W*$"),
    (
        Role("condition"),
        r"\b(if|when|whenever|for|unless|provided|given|every|each|all|any|assuming|assume|suppose)\W*$",
    ),
    (Role("condition"), r"(^|\b(in|for|the|special|consider) )case\W*$"),
    (Role("let"), r"\b(let|define|denote|set|put|introduce)\W*$"),
    (Role("where"), r"\b(write|where|with|call|by)\W*$"),
    (Role("reason"), r"\b(since|because|as|using|by|recall|note|from|use)\W*$"),
]
_CLOSERS = {"(": ")", "[": "]"}
_UNLESS = re.compile(r"\bunless\W*$")
_OTHERWISE = re.compile(r"^\W*(otherwise|else)\b")
_PATTERNS = [(role, re.compile(pattern)) for role, pattern in _ROLES]


def role_after(remark: str) -> Role | None:
    """The role that a remark gives to the formula after it, if it gives any."""
    # After a semicolon another thought begins, and after a colon behind a formula.
    lowered = remark.rpartition(";")[2].lower().strip()
    if "$" in lowered and lowered.endswith(":"):
        return None
    return next((role for role, pattern in _PATTERNS if pattern.search(lowered)), None)


def says_unless(remark: str) -> bool:
    return _UNLESS.search(remark.lower()) is not None


def says_otherwise(remark: str) -> bool:
    return _OTHERWISE.search(remark.lower()) is not None


def closers_wanted(before: list[str], remark: str) -> list[str]:
    """What closes the brackets that are open after a remark, the last one first."""
    wanted = [*before]
    for sign in remark:
        if sign in _CLOSERS:
            wanted.append(_CLOSERS[sign])
        elif wanted[-1:] == [sign]:
            wanted.pop()
    return wanted
