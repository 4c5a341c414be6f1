"""One typed line into its finding: read it, judge each claim, find the steps or the slip."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from app.checker.arithmetic import condition
from app.checker.commands import GREEK
from app.checker.compare import related
from app.checker.declarations import writers_entry
from app.checker.entries import Entry, keys_of, letter_of
from app.checker.failures import Misfit, Unclear, Unreadable
from app.checker.judge import (
    GENERAL,
    Link,
    fresh_scope,
    in_letters,
    judge_chain,
    proportional,
    signature,
    spans_of,
)
from app.checker.lines import Clause, Line, read_line
from app.checker.scope import Budget, UnknownName, say
from app.checker.steps import named_slip, pair_key, reached
from app.checker.tree import (
    Arbitrary,
    Call,
    Chain,
    Derivative,
    Dots,
    Expectation,
    ListOf,
    Name,
    Node,
    Number,
    Optimum,
    Range,
    SetOf,
    Sum,
    walk,
)
from app.checker.values import Value
from app.checker.world import Context

if TYPE_CHECKING:
    from app.checker.checker import Checker, Finding, Sheet

BUDGET = 6000
_FOR_EVERY = 4  # sizes that an unknown letter is tried with


@dataclass(slots=True)
class Judged:
    """A clause that claims something: its chain with what it continues, and its links."""

    chain: Chain
    start: int
    links: list[Link]
    text: str = ""

    @property
    def status(self) -> str:
        statuses = {link.status for link in self.links}
        return "false" if "false" in statuses else "unclear" if "unclear" in statuses else "true"


@dataclass(slots=True)
class Result:
    verdict: str
    message: str = ""
    where: str | None = None
    judged: list[Judged] | None = None
    culprit: Link | None = None
    defined: list[tuple[Entry, Name, bool]] | None = None
    span: tuple[int, int] | None = None
    chain: Chain | None = None
    parts: tuple[str, ...] = ()
    slip: str | None = None


def judge_line(checker: Checker, sheet: Sheet, number: int, text: str) -> Finding:
    from app.checker.checker import Finding

    sheet.desk.budget.left = BUDGET
    try:
        result = _best_reading(checker, sheet, text)
    except Unreadable as error:
        span = (error.start, max(error.end, error.start))
        return Finding(number, text, "unreadable", _sentence(error.message), span=span)
    except (Unclear, Misfit) as error:
        return Finding(number, text, "unclear", _sentence(str(error)))
    except Exception:
        # The promise of the package: whatever is typed, a finding and not an error comes back.
        return Finding(number, text, "unclear", "It is outside of what is checked.")
    _remember(sheet, result)
    parts: tuple[str, ...] = result.parts
    slip = result.slip
    if result.verdict == "holds":
        parts = (*parts, *_steps(checker, sheet, result))
    elif result.verdict == "fails" and result.culprit is not None:
        slip = _slip(checker, sheet, result.culprit)
    return Finding(
        number,
        text,
        result.verdict,
        _sentence(result.message),
        where=result.where or None,
        parts=tuple(dict.fromkeys(parts)),
        slip=slip,
        span=result.span,
    )


def _sentence(text: str) -> str:
    text = text.strip()
    if not text:
        return text
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")


# --- readings ------------------------------------------------------------------------------------


def _best_reading(checker: Checker, sheet: Sheet, text: str) -> Result:
    """Where the notation has two readings, a line holds if it holds in one of them."""
    first = _read_and_judge(checker, sheet, text, frozenset())
    result, ambiguities = first
    if result.verdict in ("holds", "defines", "remark"):
        return result
    for choices in _combinations(ambiguities):
        try:
            other, _ = _read_and_judge(checker, sheet, text, choices)
        except (Unreadable, Unclear, Misfit):
            continue
        if other.verdict in ("holds", "defines"):
            return other
    return result


def _combinations(ambiguities: frozenset[str]) -> list[frozenset[str]]:
    names = sorted(ambiguities)[:3]
    found = []
    for count in range(1, len(names) + 1):
        found.extend(frozenset(some) for some in itertools.combinations(names, count))
    return found


def _read_and_judge(
    checker: Checker, sheet: Sheet, text: str, choices: frozenset[str]
) -> tuple[Result, frozenset[str]]:
    line = read_line(text, sheet.vocabulary, choices)
    desk = sheet.desk
    before = desk.choices, desk.bench
    desk.choices, desk.met = choices, set()
    if choices:
        desk.bench = {}
    else:
        for evaluators in desk.bench.values():
            for evaluator in evaluators:
                evaluator.met = desk.met
    desk.named = _contexts_named(checker, line)
    try:
        result = _judge(checker, sheet, line)
    finally:
        desk.choices, desk.bench = before
    return result, line.ambiguities | frozenset(desk.met)


def _contexts_named(checker: Checker, line: Line) -> set[str]:
    """`\\text{at the optimum}` says where the line is meant to hold."""
    said = " ".join(line.remarks).lower()
    return {
        context.name
        for context in checker.world.contexts
        if any(len(word) > 4 and word in said for word in context.name.lower().split())
    }


# --- clauses -------------------------------------------------------------------------------------


def _judge(checker: Checker, sheet: Sheet, line: Line) -> Result:
    if not line.clauses:
        return Result("remark", "Prose claims nothing.")
    aside = [clause for clause in line.clauses if clause.role == "aside"]
    conditions = [
        clause.chain
        for clause in line.clauses
        if clause.role == "condition" and clause.chain.relations
    ]
    conditions += [
        clause.chain
        for clause in line.clauses
        if clause.role == "where" and not {*clause.chain.relations} & {"=", ":=", "=:"}
    ]
    clauses = [
        clause
        for clause in line.clauses
        if clause.role not in ("condition", "aside") and clause.chain not in conditions
    ]
    if not clauses and (aside or conditions):
        return Result("remark", "Conditions alone claim nothing.")
    scope_before, vocabulary_before = dict(sheet.desk.scope), sheet.vocabulary
    work = _LineJudge(checker, sheet, conditions)
    try:
        for clause in sorted(clauses, key=lambda one: one.role not in ("let", "where")):
            work.take(clause)
        work.take_postponed()
        result = work.result(clauses, line)
    except BaseException:
        sheet.desk.scope.clear()
        sheet.desk.scope.update(scope_before)
        sheet.vocabulary = vocabulary_before
        raise
    if result.verdict not in ("holds", "defines"):
        _forget(
            sheet,
            scope_before,
            vocabulary_before,
            keep=bool(work.defined) and result.verdict == "holds",
        )
    return result


def _forget(sheet: Sheet, scope: dict[str, list[Entry]], vocabulary: object, *, keep: bool) -> None:
    if keep:
        return
    sheet.desk.scope.clear()
    sheet.desk.scope.update(scope)
    sheet.vocabulary = vocabulary  # type: ignore[assignment]


class _LineJudge:
    def __init__(self, checker: Checker, sheet: Sheet, conditions: list[Chain]) -> None:
        self.checker = checker
        self.sheet = sheet
        self.desk = sheet.desk
        self.conditions = conditions
        self.judged: list[Judged] = []
        self.judged_clauses: list[Clause] = []
        self.defined: list[tuple[Entry, Name, bool]] = []
        self.last: Chain | None = sheet.chain
        self.unclear: list[str] = []
        self.parts: list[str] = []
        self.silent = 0
        self.postponed: list[tuple[Clause, Chain, int, UnknownName]] = []
        self.false_problem: str = ""
        self.problem_slip: str | None = None
        self.held_problem = False
        self.refuted = False  # the premise of an implication was true, its conclusion was not

    def take(self, clause: Clause) -> None:
        chain = clause.chain
        if any(isinstance(side, Range) for side in chain.sides):
            self.silent += 1
            return
        start = 0
        if clause.continues:
            if self.last is None:
                raise Unclear("there is no line before this one to continue")
            chain = Chain(
                (*self.last.sides, *chain.sides), (*self.last.relations, *chain.relations)
            )
            start = len(self.last.relations)
        if not chain.relations:
            self._without_relation(chain)
            self.last = chain
            return
        if chain.relations == ("in",) and self._declares(clause, chain):
            return
        self.last = chain
        try:
            self._judge(clause, chain, start)
        except UnknownName as error:
            # The name may be introduced further on in the line.
            self.postponed.append((clause, chain, start, error))
        except Unclear as error:
            self._note_unclear(clause, str(error))

    def take_postponed(self) -> None:
        for clause, chain, start, error in self.postponed:
            if not self.defined:
                self._unknown(clause, chain, start, error)
                continue
            try:
                self._judge(clause, chain, start)
            except UnknownName as again:
                self._unknown(clause, chain, start, again)
            except Unclear as unclear:
                self._note_unclear(clause, str(unclear))

    def _declares(self, clause: Clause, chain: Chain) -> bool:
        """`\\text{let } u \\in \\mathbb{R}^d` gives a name any value of that shape."""
        name, target = chain.sides
        if not isinstance(name, Name) or not isinstance(target, SetOf) or target.kind != "real":
            return False
        if not self._introduces(name, ":=" if clause.role == "let" else "=", clause):
            return False
        self._define(name, Arbitrary(target.power))
        return True

    def _note_unclear(self, clause: Clause, message: str) -> None:
        if clause.role == "reason":
            self.silent += 1
            return
        self.unclear.append(message)

    def _judge(self, clause: Clause, chain: Chain, start: int) -> None:
        if start == 0:
            defined = self._definition(clause, chain)
            if defined is not None:
                start = defined
                if start >= len(chain.relations):
                    return
        if "<-" in chain.relations[start:]:
            solved = self._as_update(chain, start)
            if solved is None:
                return
            chain = solved
        links = judge_chain(self.desk, chain, start, self.conditions)
        if clause.role == "reason" and any(link.status == "unclear" for link in links):
            self.silent += 1
            return
        self.judged.append(Judged(chain, start, links))
        self.judged_clauses.append(clause)

    # --- expressions without a relation ----------------------------------------------------------

    def _without_relation(self, chain: Chain) -> None:
        side = chain.sides[0]
        if isinstance(side, Optimum) and not side.kind.startswith("arg"):
            self._problem(side)
            return
        self.silent += 1

    def _problem(self, problem: Optimum) -> None:
        """`\\max_\\alpha … \\text{ s.t. } …`: the problem of the givens or of a step, in any form."""
        constraints = tuple(self.conditions) + problem.conditions
        matched = self._matching_problem(problem, constraints)
        if matched is None:
            self.false_problem = "this is not the problem of this derivation"
            self.problem_slip = next(
                (
                    slip.id
                    for slip in self.checker.slips
                    for one, these in slip.problems
                    if self._same_problem(problem, constraints, one, these)
                ),
                None,
            )
            return
        self.held_problem = True
        if matched:
            self.parts.append(matched)

    def _matching_problem(self, problem: Optimum, constraints: tuple[Chain, ...]) -> str | None:
        candidates = [("", one, these) for one, these in self.checker.world.problems]
        for step in self.checker.steps:
            candidates.extend((step.number, one, these) for one, these in step.problems)
        if not candidates:
            raise Unclear("a problem without a claim about its solution")
        for number, one, these in candidates:
            if self._same_problem(problem, constraints, one, these):
                return number
        return None

    def _same_problem(
        self,
        ours: Optimum,
        our_constraints: tuple[Chain, ...],
        theirs: Optimum,
        their_constraints: tuple[Chain, ...],
    ) -> bool:
        if {_base(one) for one in ours.variables} != {_base(one) for one in theirs.variables}:
            return False
        try:
            a, b = signature(self.desk, ours.body), signature(self.desk, theirs.body)
        except (Misfit, Unclear):
            return False
        factor = proportional(a, b)
        same_kind = ours.kind == theirs.kind
        if factor is None or (factor > 0) != same_kind or abs(abs(factor) - 1) > 1e-6:
            return False
        # What always holds here, such as a distribution that adds up to 1, may be said or left out.
        wanted = [self._constraint(chain) for chain in their_constraints if self._restricts(chain)]
        given = [self._constraint(chain) for chain in our_constraints if self._restricts(chain)]
        if not our_constraints:
            # The objective alone; half of the constraints would be a mistake.
            return True
        if any(one is None for one in (*wanted, *given)):
            return len(wanted) == len(given)
        return all(any(_same_constraint(one, two) for two in given) for one in wanted) and all(
            any(_same_constraint(one, two) for two in wanted) for one in given
        )

    def _restricts(self, chain: Chain) -> bool:
        if not chain.relations or any(isinstance(side, Range) for side in chain.sides):
            return False
        if chain.relations != ("=",):
            return True
        links = judge_chain(self.desk, Chain(chain.sides, chain.relations), 0, ())
        return not all(link.status == "true" and not link.where for link in links)

    def _constraint(self, chain: Chain) -> tuple[str, list[np.ndarray]] | None:  # type: ignore[type-arg]
        from app.checker.judge import signature_of_gap

        if len(chain.relations) != 1 or any(isinstance(side, SetOf) for side in chain.sides):
            return None
        relation = {"<": "<=", ">": ">="}.get(chain.relations[0], chain.relations[0])
        try:
            gap = signature_of_gap(self.desk, chain.sides[0], chain.sides[1])
        except (Misfit, Unclear):
            return None
        return relation, gap

    # --- definitions -----------------------------------------------------------------------------

    def _definition(self, clause: Clause, chain: Chain) -> int | None:
        """Introduces a name, if the clause does; the place of the first link left to judge."""
        relation = chain.relations[0]
        if relation == "=:" and self._introduces(chain.sides[1], relation, clause):
            self._define(chain.sides[1], chain.sides[0])
            return 1
        if relation not in ("=", ":="):
            return None
        if self._introduces(chain.sides[0], relation, clause):
            self._define(chain.sides[0], chain.sides[1])
            return 1
        if relation == "=" and len(chain.relations) == 1 and isinstance(chain.sides[1], Name):
            if self._introduces(chain.sides[1], relation, clause) and not _unknown_in(
                self, chain.sides[0]
            ):
                self._define(chain.sides[1], chain.sides[0])
                return 1
        return None

    def _introduces(self, node: Node, relation: str, clause: Clause) -> bool:
        name = node.name if isinstance(node, Call) else node
        if not isinstance(name, Name) or not name.base:
            return False
        if isinstance(node, Name) and name.base in self.desk.world.instances[0].sizes:
            if not name.subs and relation != ":=" and clause.role != "let":
                return False
            if not name.subs:
                return True
        if isinstance(node, Call) and name.base in ("cal N", "N") and len(node.args) == 3:
            return False
        if name.base in ("delta", "I", "e", "pi", "ones") and not isinstance(node, Call):
            if any(sub.text for sub in name.subs) or name.base in ("I", "ones"):
                evaluator = self.desk.evaluators(GENERAL)[0]
                if name.base in ("I", "ones") or (name.base == "delta" and len(name.subs) == 2):
                    del evaluator
                    return False
        evaluator = fresh_scope(self.desk.evaluators(GENERAL)[0], (node,))
        args, marks = (node.args, node.marks) if isinstance(node, Call) else (None, ())
        match = evaluator.find(name, args, marks)
        if match is not None and match.alias:
            return True
        if match is None and name.primes:
            plain = replace(name, primes=0)
            if evaluator.find(plain, args, marks) is not None:
                return False
        if match is None and relation == "=" and args is None:
            # γ_{ki} beside γ_{ik} is a mistake, and no new name.
            evaluator._check_index(name)
        if match is None:
            letter = letter_of(name)
            return not (letter is not None and letter in self.desk.world.letters)
        if match.entry.weak:
            return match.entry.key not in self.desk.scope and not self._mentioned_opposite(
                name, clause
            )
        if match.entry.key in self.desk.scope and match.entry.params and not match.items:
            # n beside n_v is another name.
            return isinstance(node, Name) and not self._mentioned_opposite(name, clause)
        is_ours = match.entry.key in self.desk.scope
        if relation == ":=" or clause.role == "let":
            # Said so, a name is introduced, unless the givens state what it is.
            return is_ours or not match.entry.given
        if match.row and relation == ":=":
            return True
        return False

    def _mentioned_opposite(self, name: Name, clause: Clause) -> bool:
        """`v = … v …` says something about v and does not introduce it."""
        return any(
            isinstance(one, Name) and one.base == name.base
            for side in clause.chain.sides[1:]
            for one in walk(side)
        )

    def _define(self, left: Node, body: Node) -> None:
        name = left.name if isinstance(left, Call) else left
        assert isinstance(name, Name)
        args, marks = (left.args, left.marks) if isinstance(left, Call) else ((), ())
        if any(
            isinstance(one, Name)
            and one.base == name.base
            and one.subs == name.subs
            and one.sup == name.sup
            and name.base not in {e for e in self.desk.world.entries}
            for one in walk(body)
        ):
            raise Unclear(f"{say(name)} is defined by itself")
        entry = writers_entry(self.desk.world, self.sheet.vocabulary, name, args, marks, body)
        if self._leads_back(entry.key, body, set()):
            raise Unclear(f"{say(name)} is defined in a circle")
        if not isinstance(body, SetOf):
            self._try_out(entry, body)
        own = self.desk.scope.setdefault(entry.key, [])
        own[:] = [one for one in own if len(one.params) != len(entry.params)]
        own.append(entry)
        self.desk.bench = {}
        self.sheet.vocabulary = self.sheet.vocabulary.with_name(
            name.base, name.sup, takes_brackets=bool(args)
        )
        self.defined.append((entry, name, bool(args)))

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
        if any(param.kind != "set" for param in entry.params):
            return
        for evaluator in self.desk.evaluators(GENERAL):
            inner = fresh_scope(evaluator, (body,))
            try:
                with np.errstate(all="ignore"):
                    if entry.params:
                        inner._tabulated(entry, body)
                    else:
                        inner.value(body)
            except Misfit as error:
                raise Misfit(in_letters(str(error), evaluator)) from error

    # --- updates ---------------------------------------------------------------------------------

    def _as_update(self, chain: Chain, start: int) -> Chain | None:
        """`\\mu_k \\leftarrow …` says what a context solves for. Any other update claims nothing by
        itself, although a step may state it; then None."""
        left = chain.sides[start]
        targets = {
            setting.target.base
            for context in self.desk.world.contexts
            for setting in context.settings
        }
        if isinstance(left, Name) and left.base in targets:
            return Chain(chain.sides, tuple("=" if one == "<-" else one for one in chain.relations))
        key = pair_key(left, chain.sides[start + 1])
        for step in self.checker.steps:
            if any(form.relation == "<-" and key in form.keys for form in step.forms):
                self.parts.append(step.number)
                self.held_problem = True
                return None
        raise Unclear("an update is not a claim: write what it leads to as an equation")

    # --- letters that nobody introduced ------------------------------------------------------------

    def _unknown(self, clause: Clause, chain: Chain, start: int, error: UnknownName) -> None:
        """A lone letter that stands for anything: what is true of it for random numbers and vectors is true
        for every value. What is not true proves nothing."""
        letter = letter_of(error.name)
        if letter is not None and self._is_argument(letter):
            links = self._judged_with(letter, "", chain, start)
            if links is not None:
                self.judged.append(Judged(chain, start, links))
                self.judged_clauses.append(clause)
                return
        if letter is None or not (len(letter) == 1 or letter in GREEK):
            self._note_unclear(clause, str(error))
            return
        shapes = self._quantified(letter)
        for size in shapes:
            links = self._judged_with(letter, size, chain, start)
            if links is not None and all(link.status == "true" for link in links):
                self.judged.append(Judged(chain, start, links))
                self.judged_clauses.append(clause)
                return
        self._note_unclear(clause, str(error))

    def _is_argument(self, letter: str) -> bool:
        """The t of `\\sigma(t) = …` stands for every number."""
        return any(
            param.name == letter and param.kind == "value"
            for entries in (*self.desk.world.entries.values(), *self.desk.scope.values())
            for entry in entries
            for param in entry.params
        )

    def _quantified(self, letter: str) -> list[str]:
        for chain in self.conditions:
            if letter_of(chain.sides[0]) == letter and isinstance(chain.sides[-1], SetOf):
                power = chain.sides[-1].power
                if power and isinstance(power[0], Name):
                    return [power[0].base]
        dimensions = [name for name in self.desk.world.dimensions if not name.startswith("cal ")]
        return ["", *dimensions[:_FOR_EVERY]]

    def _judged_with(self, letter: str, size: str, chain: Chain, start: int) -> list[Link] | None:
        rng = np.random.default_rng(7)
        bench = []
        for evaluator in self.desk.evaluators(GENERAL):
            try:
                rows = evaluator.instance.size(size) if size else 1
            except Unclear:
                return None
            from app.checker.sampling import DRAWS

            value = Value(rng.normal(size=(DRAWS, rows, 1)), ("·",))
            bench.append(evaluator.child(locals_={letter: value}))
        before = self.desk.bench
        self.desk.bench = {GENERAL.name: bench}
        try:
            return judge_chain(self.desk, chain, start, self.conditions)
        except (Unclear, Misfit):
            return None
        finally:
            self.desk.bench = before

    # --- the whole line --------------------------------------------------------------------------

    def result(self, clauses: list[Clause], line: Line) -> Result:
        self._weigh_implications(line)
        false = next((one for one in self.judged if one.status == "false"), None)
        if self.false_problem:
            return Result("fails", self.false_problem, chain=self.last, slip=self.problem_slip)
        if false is not None:
            link = next(link for link in false.links if link.status == "false")
            sides = [link.left, link.right]
            if false.start and link is false.links[0]:
                # The left side stands in the line before.
                sides = [link.right]
            span = spans_of([node for node in sides if node is not None])
            return Result(
                "fails",
                self._about(link, false),
                judged=self.judged,
                culprit=link,
                span=(span.start, span.end) if span else None,
                chain=self.last,
            )
        unclear = [one for one in self.judged if one.status == "unclear"]
        messages = self.unclear + [
            link.message for one in unclear for link in one.links if link.status == "unclear"
        ]
        if messages:
            return Result("unclear", messages[0], chain=self.last)
        if self.judged or self.held_problem:
            wheres = [link.where for one in self.judged for link in one.links if link.where]
            where = wheres[0] if wheres else None
            message = f"holds {where}" if where else "holds"
            return Result(
                "holds",
                message,
                where,
                judged=self.judged,
                defined=self.defined,
                chain=self.last,
                parts=tuple(self.parts),
            )
        if self.defined:
            names = ", ".join(say(name) for _, name, _ in self.defined)
            return Result("defines", f"defines {names}", defined=self.defined, chain=self.last)
        if line.remarks and not any(clause.chain.relations for clause in clauses):
            return Result("remark", "Prose claims nothing.", chain=self.last)
        return Result(
            "unclear", "nothing is claimed: a line needs a relation, such as =", chain=self.last
        )

    def _about(self, link: Link, judged: Judged) -> str:
        if len(judged.chain.relations) - judged.start > 1:
            place = judged.links.index(link) + 1
            return f"relation {place} of {len(judged.links)} breaks: {link.message}"
        return link.message

    # --- implications ----------------------------------------------------------------------------

    def _weigh_implications(self, line: Line) -> None:
        """`A \\implies B` where A is not a claim but a case: B has to be true where A is."""
        connectors = [clause.connector for clause in self.judged_clauses]
        if all(one.status == "true" for one in self.judged):
            return
        for place, connector in enumerate(connectors):
            if connector not in ("implies", "iff") or place == 0:
                continue
            premise, conclusion = self.judged[place - 1], self.judged[place]
            if premise.status == "true" and conclusion.status == "true":
                continue
            if premise.status == "unclear":
                where = self._somewhere(conclusion.chain)
                if where is not None:
                    premise.links = []
                    conclusion.links = [
                        replace(link, status="true", where=where) for link in conclusion.links
                    ]
                elif conclusion.status == "false":
                    conclusion.links = [
                        replace(
                            link,
                            status="unclear",
                            message="what it follows from is outside of what is checked",
                        )
                        for link in conclusion.links
                    ]
                continue
            always = premise.status == "true" and not any(link.where for link in premise.links)
            if conclusion.status == "unclear" and connector == "iff":
                where = self._somewhere(premise.chain)
                if where is not None:
                    conclusion.links = []
                    premise.links = [
                        replace(link, status="true", where=where) for link in premise.links
                    ]
                continue
            where = self._implied(
                premise.chain, conclusion.chain, both=connector == "iff", always=always
            )
            if (
                where is None
                and premise.status == "false"
                and not self.refuted
                and self._is_case(premise.chain)
            ):
                message = "nothing here makes its premise true"
                for one in (premise, conclusion):
                    one.links = [
                        replace(link, status="unclear", message=message) for link in one.links
                    ]
            if where is not None:
                for one in (premise, conclusion):
                    one.links = [replace(link, status="true", where=where) for link in one.links]
        del line

    def _is_case(self, chain: Chain) -> bool:
        """`p_c = 1/C` restricts what was sampled: a case, and no claim."""
        first = chain.sides[0]
        name = first.name if isinstance(first, Call) else first
        if not isinstance(name, Name) or chain.relations != ("=",):
            return False
        evaluator = fresh_scope(self.desk.evaluators(GENERAL)[0], chain.sides)
        args = first.args if isinstance(first, Call) else None
        match = evaluator.find(name, args, first.marks if isinstance(first, Call) else ())
        plain = not any(
            isinstance(one, Derivative | Sum | Expectation | Optimum) for one in walk(chain)
        )
        if match is None or not plain:
            return False
        return not match.entry.is_rule or len(match.entry.params) > 0

    def _somewhere(self, chain: Chain) -> str | None:
        """A context in which a conclusion is true whose premise cannot be computed."""
        for context in self.checker.world.contexts:
            try:
                evaluators = self.desk.evaluators(context)
                if all(
                    _true_where(fresh_scope(evaluator, chain.sides), chain, None)
                    for evaluator in evaluators
                ):
                    return context.name
            except (Misfit, Unclear, np.linalg.LinAlgError):
                continue
        return None

    def _implied(
        self, premise: Chain, conclusion: Chain, *, both: bool, always: bool
    ) -> str | None:
        self.refuted = False
        for context in (GENERAL, *self.checker.world.contexts):
            if always and context.judges == "said":
                # A premise that always holds does not say that we are there.
                continue
            if self._implied_in(context, premise, conclusion, both=both):
                return context.name
        return None

    def _implied_in(
        self, context: Context, premise: Chain, conclusion: Chain, *, both: bool
    ) -> bool:
        try:
            evaluators = self.desk.evaluators(context)
        except (Misfit, Unclear):
            return False
        for evaluator in evaluators:
            inner = fresh_scope(evaluator, (*premise.sides, *conclusion.sides))
            try:
                with np.errstate(all="ignore"):
                    mask = _truth(inner, premise)
                    if not mask.data.any():
                        return False
                    if not _true_where(inner, conclusion, mask):
                        self.refuted = True
                        return False
                    if both:
                        back = _truth(inner, conclusion)
                        if back.data.any() and not _true_where(inner, premise, back):
                            return False
            except (Misfit, Unclear, np.linalg.LinAlgError):
                return False
        return True


def _truth(evaluator: object, chain: Chain) -> Value:
    for side in chain.sides:
        evaluator.value(side)  # type: ignore[attr-defined]
    return condition(evaluator, chain)  # type: ignore[arg-type]


def _true_where(evaluator: object, chain: Chain, mask: Value | None) -> bool:
    for left, right, relation in zip(chain.sides, chain.sides[1:], chain.relations, strict=False):
        a, b = evaluator.value(left), evaluator.value(right)  # type: ignore[attr-defined]
        if not related(a, b, relation, mask).true:
            return False
    return True


def _same_constraint(one: object, two: object) -> bool:
    if one is None or two is None:
        return False
    (left_relation, left), (right_relation, right) = one, two  # type: ignore[misc]
    factor = proportional(left, right)
    if factor is None:
        return False
    flipped = {"<=": ">=", ">=": "<="}
    wanted = right_relation if factor > 0 else flipped.get(right_relation, right_relation)
    return bool(left_relation == wanted)


def _base(node: Node) -> str:
    return node.base if isinstance(node, Name) else ""


def _unknown_in(judge: _LineJudge, node: Node) -> bool:
    evaluator = fresh_scope(judge.desk.evaluators(GENERAL)[0], (node,))
    try:
        evaluator.value(node)
    except UnknownName:
        return True
    except (Misfit, Unclear):
        return False
    return False


# --- after the verdict ---------------------------------------------------------------------------


def _remember(sheet: Sheet, result: Result) -> None:
    if result.chain is not None and result.chain.sides:
        sheet.chain = result.chain
    if result.verdict == "holds" and result.where:
        if any(
            one.name == result.where and one.judges != "said" for one in sheet.desk.world.contexts
        ):
            sheet.desk.assumed.add(result.where)


def _steps(checker: Checker, sheet: Sheet, result: Result) -> list[str]:
    found: list[str] = []
    desk = sheet.desk
    desk.budget.left = 20 * BUDGET
    for judged in result.judged or []:
        chain = judged.chain
        if isinstance(chain.sides[-1], SetOf):
            chain = Chain(chain.sides[:-1], chain.relations[:-1])
        if judged.start >= len(chain.relations) or any(
            isinstance(side, SetOf | Range | Dots) for side in chain.sides
        ):
            continue
        try:
            found.extend(
                reached(desk, checker.steps, chain, judged.start, judged.links, checker.restated)
            )
        except (Misfit, Unclear):
            continue
    return found


def _slip(checker: Checker, sheet: Sheet, link: Link) -> str | None:
    sheet.desk.budget.left = 20 * BUDGET
    try:
        return named_slip(sheet.desk, checker.slips, link)
    except (Misfit, Unclear):
        return None


__all__ = ["Budget", "ListOf", "Number"]
