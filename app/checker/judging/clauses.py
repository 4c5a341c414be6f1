"""The clauses of one line, one after the other: what each defines, claims or leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.checker.computing.scope import UnknownName
from app.checker.failures import Unclear
from app.checker.judging.cases import case_of
from app.checker.judging.conditions import Claim
from app.checker.judging.contexts import is_bound
from app.checker.judging.definitions import Definitions
from app.checker.judging.equality import weigh_equality
from app.checker.judging.features import pair_key
from app.checker.judging.forms import continued
from app.checker.judging.implications import doubt_premise, weigh_implications
from app.checker.judging.judge import judge_chain
from app.checker.judging.problems import restricts, slip_of_problem, step_of_problem
from app.checker.judging.sheet import Sheet
from app.checker.judging.unknowns import links_for_every, quantified
from app.checker.judging.verdicts import Judged, Result, Trail
from app.checker.reading.lines import Clause
from app.checker.reading.saying import say
from app.checker.reading.tree import Call, Chain, Name, Node, Optimum, Range, Span, walk
from app.checker.world.entries import letter_of

PROSE = "Prose claims nothing."
_NOTHING = Result("unclear", "nothing is claimed: a line needs a relation, such as =")


def judge_clauses(
    sheet: Sheet, claims: Sequence[Claim], asides: Sequence[Chain], *, remarked: bool
) -> Result:
    """The verdict over a line; `remarked` if there is prose in it as well, `asides` what it says of
    the equality in a bound.

    Takes definitions into the sheet, also those of a line that is wrong. Raises Misfit, Unclear.
    """
    line = _LineInWork(sheet)
    # What is let or explained at the end of a line is used before.
    for claim in sorted(claims, key=lambda one: one[0].role not in ("let", "where")):
        line.take(*claim)
    line.take_postponed()
    line.take_problem()
    weigh_implications(sheet.desk, line.judged)
    weigh_equality(sheet.desk, line.judged, asides)
    for one in line.judged:
        line.note_trail(one.chain, one.trail)
    result = line.result()
    if result is None:
        claims_nothing = not any(clause.chain.relations for clause, _ in claims)
        result = Result("remark", PROSE) if remarked and claims_nothing else _NOTHING
    return replace(result, chain=line.last, trail=line.trail)


class _LineInWork:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.desk = sheet.desk
        # Of the clause in work.
        self.conditions: Sequence[Chain] = ()
        self.definitions = Definitions(sheet)
        self.judged: list[Judged] = []
        self.postponed: list[tuple[Claim, Chain, Trail, UnknownName]] = []
        # Whether the last clause only gave a name to something, as in `q(x)/p(x) = c`.
        self.is_named = False
        # Why clauses could not be judged.
        self.unclear: list[str] = []
        # The chain that a clause continues if it begins with a relation, and what is known of it.
        self.last = sheet.chain
        self.trail = sheet.trail
        # Steps that were recognised by more than their links, and whether something was.
        self.parts: list[str] = []
        self.recognised = False
        # The context in which what stands at a brace is true.
        self.labelled = ""
        self.wrong_problem: Result | None = None
        # A problem, and how many clauses were judged before it: those after it may restrict it.
        self.problem: tuple[Optimum, tuple[Chain, ...], int] | None = None

    def take(self, clause: Clause, conditions: Sequence[Chain]) -> None:
        self.conditions = conditions
        self.desk.suppose(case_of(self.desk, conditions))
        chain, before = clause.chain, Trail()
        if any(isinstance(side, Range) for side in chain.sides):
            return
        if clause.continues:
            if self.last is None:
                raise Unclear("there is no line before this one to continue")
            if self.judged and _says_again(self.last, chain):
                chain = Chain((self.last.sides[-2], *chain.sides), chain.relations)
            else:
                before = self.trail
                chain = continued(self.last, chain)
        if not chain.relations:
            if clause.connector == "implies" and self.judged and self.judged[-1].status == "false":
                self.judged[-1].leave_open("what follows from it is in words")
            self._take_expression(chain.sides[0])
            self.last, self.trail = chain, ()
            return
        if chain.relations == ("in",) and self.definitions.declare(clause, chain):
            return
        if clause.role != "label":
            self.last = chain
            self.trail = (*before, *(None for _ in chain.relations[len(before) :]))
        try:
            self._judge(clause, chain, before)
        except UnknownName as error:
            # The name may be introduced further on in the line.
            self.postponed.append(((clause, tuple(conditions)), chain, before, error))
        except Unclear as error:
            self._note_unclear(clause, str(error))

    def take_postponed(self) -> None:
        for (clause, conditions), chain, before, error in self.postponed:
            self.conditions = conditions
            self.desk.suppose(case_of(self.desk, conditions))
            if not self.definitions.names:
                self._judge_for_every(clause, chain, before, error)
                continue
            try:
                self._judge(clause, chain, before)
            except UnknownName as again:
                self._judge_for_every(clause, chain, before, again)
            except Unclear as unclear:
                self._note_unclear(clause, str(unclear))

    def take_problem(self) -> None:
        r"""What stands behind a problem, as in `\max_\alpha f, \quad y^\top \alpha = 0`, is one
        more constraint, which is no claim of its own, or defines what it uses."""
        if self.problem is None:
            return
        node, own, count = self.problem
        behind = [one for one in self.judged[count:] if restricts(self.desk, one.chain)]
        doubt = ""
        step = None
        if behind:
            try:
                whole = node, (*own, *(one.chain for one in behind))
                step = step_of_problem(self.sheet, whole)
            except Unclear as unclear:
                doubt = str(unclear)
        if step is not None:
            self.judged = [one for one in self.judged if one not in behind]
        else:
            step = step_of_problem(self.sheet, (node, own))
        if step is None:
            self.wrong_problem = self._wrong(node, own, doubt)
            return
        self.recognised = True
        if step:
            self.parts.append(step)

    def _wrong(self, node: Optimum, own: Sequence[Chain], doubt: str) -> Result:
        if doubt:
            return Result("unclear", doubt)
        slip = slip_of_problem(self.sheet, (node, tuple(own)))
        return Result("fails", "this is not the problem of this derivation", slip=slip)

    def _judge(self, clause: Clause, chain: Chain, before: Trail) -> None:
        conditioned = bool(self.conditions) or clause.connector in ("implies", "iff")
        conditioned |= clause.role == "label"
        may_define = not before and not self._follows_from(clause, chain)
        if may_define and self.definitions.take(clause, chain, conditioned=conditioned):
            before = ("",)
            if len(chain.relations) == 1:
                self.is_named = not self._defines_left(chain)
                self.note_trail(chain, before)
                return
        start = len(before)
        if {"<-", "->"} & {*chain.relations[start:]}:
            solved = self._as_solution(chain, start)
            if solved is None:
                return
            chain = solved
        every = quantified(self.desk, self.conditions)
        links = links_for_every(self.desk, every, chain, start, self.conditions) if every else None
        if links is None:
            links = judge_chain(self.desk, chain, start, self.conditions)
        if clause.role == "label":
            self._take_label(Judged(chain, before, links, clause.connector))
        elif clause.role != "reason" or all(link.status != "unclear" for link in links):
            self._take_judged(Judged(chain, before, links, clause.connector))

    def _defines_left(self, chain: Chain) -> bool:
        left = chain.sides[0]
        head = left.name if isinstance(left, Call) else left
        return head == self.definitions.names[-1]

    def _take_judged(self, judged: Judged) -> None:
        if self.is_named and judged.connector in ("implies", "iff") and judged.status == "false":
            judged.leave_open("what it follows from only gives a name to something")
        self.is_named = False
        self.judged.append(judged)
        self.note_trail(judged.chain, judged.trail)

    def note_trail(self, chain: Chain, trail: Trail) -> None:
        if chain is self.last:
            self.trail = trail

    def _follows_from(self, clause: Clause, chain: Chain) -> bool:
        r"""`X a = 0 \implies a = 0` says something about an a that stands for anything."""
        asked = {error.name.base for *_, error in self.postponed}
        return clause.connector in ("implies", "iff") and any(
            isinstance(side, Name) and side.base in asked for side in chain.sides[:2]
        )

    def _take_label(self, label: Judged) -> None:
        """A true one adds nothing, except where it is true in a context only. A wrong one may be
        meant of something else than its brace."""
        if label.status == "true":
            self.labelled = self.labelled or label.where
        if label.status == "false":
            label.leave_open("what its brace says is not true")
            self.judged.append(label)

    def _judge_for_every(
        self, clause: Clause, chain: Chain, before: Trail, error: UnknownName
    ) -> None:
        """A letter that nobody introduced stands for anything."""
        links = links_for_every(self.desk, error.name, chain, len(before), self.conditions)
        if links is None and clause.connector in ("implies", "iff") and self.judged:
            doubt_premise(self.judged[-1])
        if links is None:
            self._note_unclear(clause, str(error))
        else:
            letter = letter_of(error.name) or ""
            self._take_judged(Judged(chain, before, links, clause.connector, letter))

    def _note_unclear(self, clause: Clause, message: str) -> None:
        if clause.role not in ("reason", "label"):
            self.unclear.append(message)

    def _take_expression(self, node: Node) -> None:
        """Without a relation, an optimisation problem is a claim, and nothing else is."""
        if not isinstance(node, Optimum) or node.kind.startswith("arg"):
            return
        conditions = (chain for chain in self.conditions if chain.relations)
        self.problem = node, (*conditions, *node.conditions), len(self.judged)

    def _as_solution(self, chain: Chain, start: int) -> Chain | None:
        """`\\mu_k \\leftarrow …` says what a context solves for. Any other update claims nothing by
        itself, although a step may state it; then None."""
        left, right = chain.sides[start : start + 2]
        targets = {
            setting.target.base
            for context in self.desk.world.contexts
            for setting in context.settings
        }
        solves = isinstance(left, Name) and left.base in targets and not _has(right, left.base)
        if solves and "->" not in chain.relations:
            return Chain(chain.sides, tuple("=" if one == "<-" else one for one in chain.relations))
        key = pair_key(left, right)
        for step in self.sheet.steps:
            if any(form.relation == "<-" and key in form.keys for form in step.forms):
                self.parts.append(step.number)
                self.recognised = True
                return None
        raise Unclear("an update is not a claim: write what it leads to as an equation")

    # --- the whole line --------------------------------------------------------------------------

    def result(self) -> Result | None:
        """None if nothing was claimed or defined."""
        if self.wrong_problem is not None:
            return self.wrong_problem
        statuses = [one.status for one in self.judged]
        if "false" in statuses:
            return _failure(self.judged[statuses.index("false")])
        messages = self.unclear + [
            link.message
            for one in self.judged
            for link in one.links
            if one.status == link.status == "unclear"
        ]
        if messages:
            return Result("unclear", messages[0])
        shapes_only = all({*one.chain.relations[one.start :]} == {"in"} for one in self.judged)
        if self.recognised or (self.judged and not (self.definitions.names and shapes_only)):
            where = next((one.where for one in self.judged if one.where), self.labelled)
            message = f"holds {where}" if where else "holds"
            return Result("holds", message, where, judged=self.judged, parts=tuple(self.parts))
        if self.definitions.names:
            names = ", ".join(say(name) for name in self.definitions.names)
            return Result("defines", f"defines {names}")
        return None


def _says_again(before: Chain, chain: Chain) -> bool:
    r"""`\mathrm{KL}(p \| q) \ge 0`, and `= 0` iff p = q: of the divergence, and not of the 0."""
    return (
        bool(before.relations)
        and is_bound(before.relations[-1])
        and chain.sides[0] == before.sides[-1]
    )


def _has(node: Node, base: str) -> bool:
    return any(isinstance(one, Name) and one.base == base for one in walk(node))


def _failure(judged: Judged) -> Result:
    place, link = next(
        (place, link) for place, link in enumerate(judged.links) if link.status == "false"
    )
    # A continued chain has the left side of its first link in the line before.
    sides = [link.right] if judged.start and place == 0 else [link.left, link.right]
    message = link.message
    if len(judged.links) > 1:
        message = f"relation {place + 1} of {len(judged.links)} breaks: {message}"
    return Result("fails", message, culprit=link, span=_span_of(sides))


def _span_of(nodes: Sequence[Node]) -> Span | None:
    spans = [node.span for node in nodes if node.span.end]
    if not spans:
        return None
    return Span(min(span.start for span in spans), max(span.end for span in spans))
