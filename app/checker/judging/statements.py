"""One typed line into its finding: read it, judge its clauses, name the steps or the slip."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace

from app.checker.computing.labels import LABEL
from app.checker.computing.lookup import UPDATE
from app.checker.computing.shape import key_of_tree
from app.checker.computing.substitution import with_names, without_times
from app.checker.failures import Misfit, Unclear, Unreadable
from app.checker.judging.cases import CASE
from app.checker.judging.clauses import PROSE, judge_clauses
from app.checker.judging.conditions import claims_of, with_known_matrix
from app.checker.judging.desk import Desk
from app.checker.judging.finding import Finding
from app.checker.judging.forms import StepForms
from app.checker.judging.links import Link
from app.checker.judging.sheet import Sheet
from app.checker.judging.signatures import UNCOMPUTABLE
from app.checker.judging.slips import named_slip
from app.checker.judging.steps import reached
from app.checker.judging.verdicts import Judged, Result
from app.checker.judging.zeros import doubt_zero, note_nonzero, vectors_of
from app.checker.reading.lines import Line, read_line
from app.checker.reading.names import ARGUMENTS
from app.checker.reading.tree import Chain, Dots, Name, Node, Range, SetOf, walk

# Nodes that may be evaluated to judge a line, to find the steps or the slip in it, and in search of
# a draw in which its bounds are false.
BUDGET = 6_000
NAMING_BUDGET = 20 * BUDGET
SEARCH_BUDGET = 500
_MOST_AMBIGUITIES = 3


def judge_line(sheet: Sheet, number: int, text: str) -> Finding:
    """Raises nothing that can be foreseen; what the line brings goes on the sheet."""
    try:
        return _finding(sheet, number, text)
    except Unreadable as error:
        span = (error.start, max(error.end, error.start))
        return Finding(number, text, "unreadable", _sentence(error.message), span=span)
    except (Unclear, Misfit) as error:
        return Finding(number, text, "unclear", _sentence(str(error)))
    except Exception:
        # The promise of the package: whatever is typed, a finding and not an error comes back.
        return Finding(number, text, "unclear", "It is outside of what is checked.")


def _finding(sheet: Sheet, number: int, text: str) -> Finding:
    sheet.desk.budget.left = BUDGET
    sheet.desk.search.left = SEARCH_BUDGET
    result, choices = _best_reading(sheet, text)
    _remember(sheet, result)
    sheet.desk.budget.left = NAMING_BUDGET
    with sheet.desk.reading(choices) if choices else nullcontext():
        stated = _stated(sheet, result.judged)
    parts = (*result.parts, *sheet.completed(stated))
    if not choices:
        sheet.desk.keep()
    slip = _slip(sheet, result.culprit) if result.culprit is not None else result.slip
    return Finding(
        number,
        text,
        result.verdict,
        _sentence(result.message),
        where=result.where or None,
        parts=tuple(dict.fromkeys(parts)),
        rows=tuple(dict.fromkeys(one.number for one in stated if one.number not in parts)),
        slip=slip,
        # What stands in the line before has its place there.
        span=(result.span.start, result.span.end)
        if result.span and result.span.end <= len(text)
        else None,
    )


def _sentence(text: str) -> str:
    text = text.strip()
    if not text:
        return text
    # d×1 is a shape, and i an index: they keep their letters.
    first = text[0] if text[1:2] in ("×", "/") or _is_index(text) else text[0].upper()
    return first + text[1:] + ("" if text[-1] in ".!?" else ".")


def _is_index(text: str) -> bool:
    return text[1:2] == " " and text[0] not in "aA"


# --- readings ------------------------------------------------------------------------------------


def _best_reading(sheet: Sheet, text: str) -> tuple[Result, frozenset[str]]:
    """Where the notation has two readings, a line holds if it holds in one of them. With the
    choices of the reading, if it is not the first one."""
    first: frozenset[str] = frozenset()
    result, ambiguities = _read_and_judge(sheet, text, first)
    if result.verdict in ("holds", "defines", "remark"):
        return result, first
    computed, met = sheet.desk.computed, sheet.desk.met
    for choices in _combinations(ambiguities):
        try:
            other, _ = _read_and_judge(sheet, text, choices)
        except (Unreadable, Unclear, Misfit):
            continue
        if other.verdict in ("holds", "defines"):
            return other, choices
        if other.verdict == "unclear" and choices in ({ARGUMENTS}, {LABEL}):
            # What would be a name of the writer's says nothing wrong about the givens.
            result = other
    # What the first reading was judged by is asked for again when its slip is looked for.
    sheet.desk.computed, sheet.desk.met = computed, met
    return result, first


def _combinations(ambiguities: frozenset[str]) -> Iterator[frozenset[str]]:
    names = sorted(ambiguities)[:_MOST_AMBIGUITIES]
    for count in range(1, len(names) + 1):
        yield from map(frozenset, itertools.combinations(names, count))


def _read_and_judge(
    sheet: Sheet, text: str, choices: frozenset[str]
) -> tuple[Result, frozenset[str]]:
    """A line read with these choices, and the names of those that it has."""
    try:
        line = with_known_matrix(
            read_line(text, sheet.vocabulary, choices), sheet.desk.world, sheet.desk.scope
        )
    except Unclear:
        doubt_zero(sheet.desk)
        raise
    with sheet.desk.reading(choices):
        sheet.desk.named = _contexts_named(sheet, line)
        note_nonzero(sheet.desk, line)
        result = _judge(sheet, line)
    return result, line.ambiguities | sheet.desk.met


def _contexts_named(sheet: Sheet, line: Line) -> set[str]:
    """`\\text{at the optimum}` says where the line is meant to hold."""
    said = " ".join(line.remarks).lower()
    return {
        context.name
        for context in sheet.desk.world.contexts
        if any(len(word) > 4 and word in said for word in context.name.lower().split())
    }


def _judge(sheet: Sheet, line: Line) -> Result:
    if not line.clauses:
        return Result("remark", PROSE)
    claims = claims_of(line, sheet.desk.world)
    if not claims and any(
        clause.role in ("condition", "aside", "where") for clause in line.clauses
    ):
        return Result("remark", "Conditions alone claim nothing.")
    desk = sheet.desk
    before = dict(desk.scope), sheet.vocabulary, desk.names_changed
    kept = False
    try:
        asides = [clause.chain for clause in line.clauses if clause.role == "aside"]
        result = judge_clauses(sheet, claims, asides, remarked=bool(line.remarks))
        if result.verdict == "fails" and any(
            one.strip(" ,").lower() == "or" for one in line.remarks
        ):
            result = Result("unclear", "one of several things may be true: write each by itself")
        kept = result.verdict in ("holds", "defines")
    finally:
        if not kept:
            # What a wrong line defines is not defined.
            if desk.names_changed != before[2]:
                desk.scope.clear()
                desk.scope.update(before[0])
                desk.rename()
            sheet.vocabulary = before[1]
    return result


# --- after the verdict ---------------------------------------------------------------------------


def _remember(sheet: Sheet, result: Result) -> None:
    if result.chain is not None and result.chain.sides:
        sheet.chain, sheet.trail = result.chain, result.trail
    for one in result.judged:
        if not one.where:
            _note_written(sheet, one.chain)
    if result.where and sheet.desk.context(result.where).judges != "said":
        sheet.desk.assumed.add(result.where)


def _note_written(sheet: Sheet, chain: Chain) -> None:
    """`L = …` is another way to write L, in which other names stand."""
    first, *others = chain.sides
    if isinstance(first, Name) and {*chain.relations} == {"="}:
        sheet.desk.written.setdefault(key_of_tree(first), []).extend(others)


def _stated(sheet: Sheet, judged: Sequence[Judged]) -> list[StepForms]:
    """The steps, or rows of them, that the clauses of a line state. What is true in a case only
    states none."""
    found: list[StepForms] = []
    for one, following in zip(judged, [*judged[1:], None], strict=False):
        chain = one.chain
        if UPDATE in sheet.desk.choices:
            # What holds at the time t says the same as without it.
            chain = replace(chain, sides=tuple(map(without_times, chain.sides)))
        if one.letter:
            chain = _with_known_vector(sheet.desk, chain, one.letter)
        leads_on = following is not None and following.connector == "implies"
        links: Sequence[Link] = one.links
        if isinstance(chain.sides[-1], SetOf):
            chain, links = _without_set(chain, links)
        if (
            one.where == CASE
            or one.start >= len(chain.relations)
            or any(isinstance(side, SetOf | Range | Dots) for side in chain.sides)
        ):
            continue
        try:
            found += reached(
                sheet.desk,
                sheet.steps,
                chain,
                one.before,
                links,
                sheet.known_sides(),
                sheet.restated,
                leads_on=leads_on,
            )
        except UNCOMPUTABLE:
            continue
    return found


def _with_known_vector(desk: Desk, chain: Chain, letter: str) -> Chain:
    r"""`\|Xu\|^2 \ge 0` for every u says the same as for a vector v that the world has for such."""
    written = {part.base for side in chain.sides for part in walk(side) if isinstance(part, Name)}
    for known, is_weak in vectors_of(desk):
        if is_weak and known not in written:
            new: dict[str, Node] = {letter: Name(known)}
            return replace(chain, sides=tuple(with_names(side, new) for side in chain.sides))
    return chain


def _without_set(chain: Chain, links: Sequence[Link]) -> tuple[Chain, Sequence[Link]]:
    r"""`0 \le a \le C` for `a \in [0, C]`; any other set is left out."""
    space, member = chain.sides[-1], chain.sides[-2]
    if isinstance(space, SetOf) and space.name == "interval" and len(chain.sides) == 2:
        low, high = space.items
        return Chain((low, member, high), ("<=", "<=")), (links[-1], links[-1])
    return Chain(chain.sides[:-1], chain.relations[:-1]), links


def _slip(sheet: Sheet, link: Link) -> str | None:
    try:
        return named_slip(sheet.desk, sheet.slips, link)
    except UNCOMPUTABLE:
        return None
