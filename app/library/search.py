"""Search over all that can be read: a few hundred texts, looked through one by one."""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.library.models import Derivation, Library
from app.library.prose import segments

MAX_QUERY_CHARACTERS = 200
MAX_HITS = 60
_SENTENCE = re.compile(r"(?:\$[^$]*\$|[^.?!$]|[.?!](?!\s|$))+[.?!]*\s*")


@dataclass(frozen=True)
class Passage:
    """A text that can be found, and where it stands: an anchor on the derivation's study page."""

    derivation: str
    title: str
    kind: str
    heading: str
    text: str
    anchor: str
    weight: int = 1


@dataclass(frozen=True)
class Hit:
    """`excerpt` is the sentence, as prose, in which the first word was found."""

    passage: Passage
    excerpt: str
    score: int


def search(library: Library, query: str, leave_out: Container[str] = ()) -> list[Hit]:
    """The passages in which every word of the query occurs, the best first. Case does not matter.
    A query with a backslash is one formula: there it does, and blanks do not."""
    formula = "\\" in query
    words = ["".join(query.split())] if formula else query.casefold().split()
    words = [word.strip("$") for word in words if word.strip("$")]
    if not words:
        return []
    hits = [
        Hit(passage, _excerpt(passage.text, words[0], formula), score)
        for derivation in library.derivations.values()
        if derivation.question.id not in leave_out
        for passage in passages_of(derivation, library)
        if (score := _score(passage, words, formula))
    ]
    return sorted(hits, key=lambda hit: -hit.score)[:MAX_HITS]


def _score(passage: Passage, words: list[str], formula: bool) -> int:
    """0 if a word is missing; one in a title or heading counts more than one in a text."""
    parts = (passage.title, passage.heading, passage.text)
    title, heading, text = (_plain(part, formula) for part in parts)
    score = 0
    for word in words:
        found = 6 * (word in title) + 4 * (word in heading) + min(3, text.count(word))
        if not found:
            return 0
        score += found
    return score * passage.weight


@lru_cache(maxsize=8192)
def _plain(prose: str, formula: bool) -> str:
    """As it is compared: without marks, formulas without blanks; with a word, without case."""
    pieces = (
        "".join(piece.text.split()) if piece.kind == "math" else piece.text
        for piece in segments(prose)
    )
    plain = "".join(pieces)
    return plain if formula else plain.casefold()


def _excerpt(prose: str, word: str, formula: bool) -> str:
    sentences: list[str] = _SENTENCE.findall(prose) or [prose]
    return next((one for one in sentences if word in _plain(one, formula)), sentences[0]).strip()


def passages_of(derivation: Derivation, library: Library) -> Iterator[Passage]:
    """Those of a variant are what it does not share with its derivation."""
    question = derivation.question
    own = question.variant_of is None

    def passage(kind: str, heading: str, text: str, anchor: str, weight: int = 1) -> Passage:
        return Passage(question.id, question.title, kind, heading, text, anchor, weight)

    yield passage("derivation" if own else "variant", question.title, question.prompt, "", 3)
    original = library[question.family]
    for given in question.givens:
        if own or given not in original.question.givens:
            yield passage("given", f"${given.tex}$", given.note or "", "given")
    for step in derivation.steps:
        if not own and step.formula in [kept.formula for kept in original.steps]:
            continue
        text = f"{step.explanation} {step.say or ''} ${step.formula}$"
        yield passage(f"step {step.number}", step.title, text, f"step-{step.number}", 2)
    for slip in derivation.slips:
        if not own and slip in original.slips:
            continue
        text = f"{slip.explanation} ${slip.wrong}$"
        yield passage("slip", f"${slip.wrong}$", text, f"slip-{slip.id}")
    if not own:
        return
    for insight in derivation.insights:
        yield passage("why it matters", "", insight, "insights")
    rows = [row for row in library.gotchas if row.derivation == question.id]
    for gotcha in (*rows, *derivation.gotchas):
        text = f"{gotcha.right} {gotcha.why} {gotcha.wrong}"
        yield passage("gotcha", gotcha.question, text, "gotchas", 2)
    for followup in derivation.followups:
        text = " ".join((followup.answer, followup.intuition or "", *followup.listen_for))
        yield passage("follow-up", followup.question, text, "followups", 2)
    for picture in derivation.pictures:
        anchor = f"step-{picture.step}" if picture.step else f"picture-{picture.id}"
        yield passage("picture", "Picture", f"{picture.caption} {picture.alt}", anchor)
    for item in derivation.reading:
        text = " ".join(filter(None, (item.author, str(item.year or ""), item.folder)))
        yield passage("reading", item.title, text, "reading")
