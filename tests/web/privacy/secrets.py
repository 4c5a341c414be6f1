"""What answers a derivation, and what of it a browser was sent."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from app.library.models import Derivation, Library
from app.library.prose import segments
from tests.web.helpers import text_of

SHORTEST_SECRET = 12


@dataclass
class Received:
    """All that a browser was sent, as it came and as a reader sees it."""

    pieces: list[tuple[str, str]] = field(default_factory=list)
    words: set[str] = field(default_factory=set)

    def add(self, place: str, body: str) -> None:
        plain = unescape(body)
        forms = (plain, text_of(body), plain.replace("\\\\", "\\"))
        text = unmarked(" ".join(forms))
        self.pieces.append((place, text))
        self.words.update(text.split())

    def places_of(self, secret: str) -> list[str]:
        # Looking through everything takes long: all words of a secret but the first and the last
        # stand whole wherever it stands.
        if not self.words.issuperset(secret.split()[1:-1]):
            return []
        return [place for place, body in self.pieces if secret in body]


def forms_of(message: dict[str, Any]) -> Iterator[str]:
    """A message as it is sent, and the prose in it put together from its pieces."""
    yield json.dumps(message)
    yield json.dumps(message, ensure_ascii=False)
    for _seq, _t, _code, data in message.get("events", []):
        for said in [data, *data.get("steps", [])]:
            yield "".join(text for _kind, text in said.get("prose", []))


def secrets_of(library: Library, derivation: Derivation) -> set[str]:
    """Everything that answers the derivation, in fragments that give something away."""
    table = [row for row in library.gotchas if row.derivation == derivation.question.family]
    prose = [
        *derivation.insights,
        *derivation.hints,
        *(text for step in derivation.steps for text in (step.explanation, step.say)),
        *(slip.explanation for slip in derivation.slips),
        *(
            text
            for followup in derivation.followups
            for text in (followup.answer, followup.intuition, *followup.listen_for)
        ),
        *(
            text
            for row in [*derivation.gotchas, *table]
            for text in (row.wrong, row.right, row.why)
        ),
        *(text for picture in derivation.pictures for text in (picture.alt, picture.caption)),
    ]
    formulas = [
        *(step.formula for step in derivation.steps),
        *(slip.wrong for slip in derivation.slips),
    ]
    sentences = fragments_of([text for text in prose if text])
    secrets = sentences | {row for formula in formulas for row in rows_of(formula)}
    return secrets | titles_of(derivation)


def said_elsewhere(library: Library, name: str) -> str:
    """What derivations outside of the family say, which anybody may read meanwhile."""
    family = library.closed_with(name)
    others = [one for one in library.derivations.values() if one.question.id not in family]
    return "\n".join(secret for one in others for secret in secrets_of(library, one))


def asked_of(derivation: Derivation) -> set[str]:
    """The formulas with which it is asked: a variant may give what its derivation asks for."""
    return {row for given in derivation.question.givens for row in rows_of(given.tex)}


def known_to_the_checker(library: Library, derivation: Derivation) -> set[str]:
    """What only the checker reads of a derivation, as far as no other one is asked with it."""
    formulas = [
        *(name.tex for name in derivation.names),
        *(tex for context in derivation.contexts for tex in context.sets),
        *(form for step in derivation.steps for form in step.forms),
    ]
    asked = "\n".join(
        unmarked(given.tex) for one in library.derivations.values() for given in one.question.givens
    )
    return {row for tex in formulas for row in rows_of(tex) if row not in asked}


def titles_of(derivation: Derivation) -> set[str]:
    return {step.title for step in derivation.steps}


def ordinary_words_of(derivation: Derivation) -> set[str]:
    """Titles, and what an interviewer listens for, are words of which names of files and comments
    are made too."""
    phrases = [phrase for one in derivation.followups for phrase in one.listen_for]
    return titles_of(derivation) | fragments_of(phrases)


def unmarked(text: str) -> str:
    """The text on one line without the marks of prose, which a socket sends and a page renders."""
    return " ".join(re.sub(r"[$*`]", "", text).split())


def fragments_of(prose: tuple[str, ...] | list[str]) -> set[str]:
    """The sentences of these texts as a reader sees them."""
    seen = [unmarked("".join(piece.text for piece in segments(text))) for text in prose]
    sentences = {sentence for text in seen for sentence in re.split(r"(?<=[.?!;:]) ", text)}
    return {sentence for sentence in sentences if len(sentence) >= SHORTEST_SECRET}


def rows_of(formula: str) -> set[str]:
    """A formula, and each of its rows."""
    inner = re.sub(r"\\(begin|end)\{[a-z*]+\}", "", formula)
    rows = {unmarked(row) for row in [formula, *inner.split(r"\\")]}
    return {row for row in rows if len(row) >= SHORTEST_SECRET}
