r"""Flashcards: what a derivation asks and answers, as a package for Anki.

Importing a newer package has to bring every answer up to date, double nothing, and keep what was
learnt. Anki knows a note by its GUID, so a GUID is made of what a question *is* (its kind, its
derivation, its words or the number of its step) and never of the answer. The ids of decks and note
types are made of names in the same way.

A field of a note is HTML in which MathJax looks for `\(…\)` and `\[…\]`. It is no template: Anki
puts fields into templates and reads nothing in them again, so braces stand for themselves.
"""

import html
import io
import itertools
import re
import sqlite3
import zipfile
from collections.abc import Container, Iterable, Iterator
from contextlib import closing
from hashlib import sha256

import genanki

from app.library.models import Derivation, Followup, Gotcha, Library, Step
from app.library.prose import Segment, segments

ROOT_DECK = "Coldboard"

_CSS = """
.card {
  --text: #1e1c19; --soft: #5a554b; --line: #ddd8ca;
  --wrong: #b3261e; --right: #1f6b3a; --star: #8a5300;
  max-width: 42rem; margin: 0 auto; padding: 1rem;
  color: var(--text);
  font: 1.125rem/1.5 system-ui, "Noto Sans", sans-serif; text-align: left;
}
.card.nightMode, .nightMode .card {
  --text: #ece8de; --soft: #aba89f; --line: #343a3e;
  --wrong: #ff9d8f; --right: #8fd3a5; --star: #f0bd6a;
}
hr { border: 0; border-top: 1px solid var(--line); }
.derivation, .task, dt { color: var(--soft); font-size: 0.875rem; }
.question { font-size: 1.25rem; }
dt { margin-top: 0.75rem; }
dd { margin: 0; }
.wrong { color: var(--wrong); }
.right { color: var(--right); }
.star { color: var(--star); }
.formula { overflow-x: auto; }
code { font-size: 0.9em; }
"""


def _id_of(*names: str) -> int:
    """A number that these names always get, in the range that Anki gives to its own."""
    digest = sha256("\n".join(names).encode()).digest()
    return 2**30 + int.from_bytes(digest[:8]) % 2**30


def _note_type(name: str, fields: tuple[str, ...], front: str, back: str) -> genanki.Model:
    """`front` and `back` are what stands below the derivation's title, and below the front."""
    head = '<div class="derivation">{{Derivation}}</div>'
    template = {
        "name": "Card",
        "qfmt": head + front,
        "afmt": '{{FrontSide}}<hr id="answer">' + back,
    }
    return genanki.Model(
        _id_of("note type", name),
        f"{ROOT_DECK} {name}",
        fields=[{"name": field} for field in (*fields, "Derivation")],
        templates=[template],
        css=_CSS,
    )


_GOTCHA = _note_type(
    "gotcha",
    ("Question", "Wrong", "Right", "Why"),
    front='<div class="question">{{Question}}</div>',
    back="""
<dl>
  <dt>Common</dt><dd class="wrong">{{Wrong}}</dd>
  <dt>Right</dt><dd class="right">{{Right}}</dd>
  <dt>Because</dt><dd>{{Why}}</dd>
</dl>
""",
)
_FOLLOWUP = _note_type(
    "follow-up",
    ("Question", "Answer", "Intuition"),
    front='<div class="question">{{Question}}</div>',
    back="""
<div>{{Answer}}</div>
{{#Intuition}}<dl><dt>Intuition</dt><dd>{{Intuition}}</dd></dl>{{/Intuition}}
""",
)
_STEP = _note_type(
    "key step",
    ("Step", "Formula", "Explanation", "Star"),
    front="""
<div class="question">{{Step}}</div>
<div class="task">Which formula belongs here? Write it down before you look.</div>
""",
    back="""
{{#Star}}<div class="star">{{Star}}</div>{{/Star}}
<div class="formula">{{Formula}}</div>
<div>{{Explanation}}</div>
""",
)
_STAR = "★ load-bearing"


def package_of_all(library: Library, now_ms: int, without: Container[str] = ()) -> bytes:
    """Every derivation in a deck of its own, but for the ids in `without`. Variants have nothing
    to ask that is not asked here but their steps; each has a package of its own."""
    derivations = [one for one in library.originals if one.question.id not in without]
    return _package([_deck(one, _everything(one, library)) for one in derivations], now_ms)


def package_of_one(library: Library, derivation_id: str, now_ms: int) -> bytes:
    """All about a derivation; of a variant, its steps. Raises KeyError."""
    derivation = library[derivation_id]
    is_variant = derivation.question.variant_of is not None
    notes = _steps(derivation, library) if is_variant else _everything(derivation, library)
    return _package([_deck(derivation, notes)], now_ms)


def _package(decks: list[genanki.Deck], now_ms: int) -> bytes:
    """The file. Made in memory, because genanki's own `write_to_file` leaves a temporary behind."""
    with closing(sqlite3.connect(":memory:")) as connection:
        package = genanki.Package(decks)
        package.write_to_db(connection.cursor(), now_ms / 1000, itertools.count(now_ms))
        connection.commit()
        collection = connection.serialize()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("collection.anki2", collection)
        archive.writestr("media", "{}")
    return file.getvalue()


def _deck(derivation: Derivation, notes: Iterable[genanki.Note]) -> genanki.Deck:
    asked = derivation.question
    # Two colons would begin another deck inside this one.
    title = re.sub(":{2,}", ":", asked.title)
    deck = genanki.Deck(_id_of("deck", asked.id), f"{ROOT_DECK}::{title}")
    # The gotcha table may ask what the derivation asks too, and one answer is enough.
    once = {note.guid: note for note in notes}
    for place, note in enumerate(once.values()):
        note.due = place
        deck.add_note(note)
    return deck


def _everything(derivation: Derivation, library: Library) -> Iterator[genanki.Note]:
    table = [row for row in library.gotchas if row.derivation == derivation.question.id]
    yield from _steps(derivation, library)
    for gotcha in (*table, *derivation.gotchas):
        yield _gotcha(derivation, gotcha)
    for followup in derivation.followups:
        yield _followup(derivation, followup)


def _steps(derivation: Derivation, library: Library) -> Iterator[genanki.Note]:
    """A step that a variant keeps is the note of its derivation: whoever takes both has it once."""
    original = library[derivation.question.family]
    theirs = {(step.number, step.formula): step for step in original.steps}
    for step in derivation.steps:
        kept = theirs.get((step.number, step.formula))
        yield _step(original, kept) if kept else _step(derivation, step)


def _step(derivation: Derivation, step: Step) -> genanki.Note:
    fields = [
        _text(f"Step {step.number}: {step.title}"),
        rf"\[ {_escaped(step.formula)} \]",
        _html(step.explanation),
        _STAR if step.load_bearing else "",
    ]
    tags = ["key-step", "load-bearing"] if step.load_bearing else ["key-step"]
    return _note(_STEP, derivation, step.number, fields, tags)


def _gotcha(derivation: Derivation, gotcha: Gotcha) -> genanki.Note:
    fields = [_html(prose) for prose in (gotcha.question, gotcha.wrong, gotcha.right, gotcha.why)]
    return _note(_GOTCHA, derivation, gotcha.question, fields, ["gotcha"])


def _followup(derivation: Derivation, followup: Followup) -> genanki.Note:
    fields = [
        _html(prose) for prose in (followup.question, followup.answer, followup.intuition or "")
    ]
    return _note(_FOLLOWUP, derivation, followup.question, fields, ["follow-up"])


def _note(
    note_type: genanki.Model, derivation: Derivation, key: str, fields: list[str], tags: list[str]
) -> genanki.Note:
    """`key` tells the note from others of its type and derivation."""
    asked = derivation.question
    return genanki.Note(
        note_type,
        [*fields, _text(asked.title)],
        tags=[f"{ROOT_DECK.lower()}::{tag}" for tag in (*tags, asked.id)],
        guid=genanki.guid_for(note_type.name, asked.id, key),
    )


# --- HTML ----------------------------------------------------------------------------------------


def _html(prose: str) -> str:
    return "".join(map(_piece, segments(prose)))


def _piece(segment: Segment) -> str:
    match segment.kind:
        case "math":
            return rf"\({_escaped(segment.text)}\)"
        case "emphasis":
            return f"<em>{_text(segment.text)}</em>"
        case "code":
            return f"<code>{_text(segment.text)}</code>"
        case "text":
            return _text(segment.text)


def _text(text: str) -> str:
    r"""Words that stay words: no HTML, no `\(` that begins a formula, no `[sound:…]` to play."""
    text = re.sub(r"\\(?=[(\[])", r"\\<span></span>", _escaped(text))
    return text.replace("[", "&#91;")


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)
