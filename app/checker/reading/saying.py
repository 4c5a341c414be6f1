r"""Names in messages, as one would write them by hand: `\hat{\gamma}_{ik}` is γ̂_ik.

Messages are read in terminals and on pages, so they say names in plain letters and no LaTeX.
"""

from __future__ import annotations

import unicodedata

from app.checker.reading.tree import Name

# The accents of `commands.ACCENTS` that Unicode calls by another name.
_COMBINING = {
    "hat": "CIRCUMFLEX ACCENT",
    "bar": "MACRON",
    "dot": "DOT ABOVE",
    "ddot": "DIAERESIS",
    "check": "CARON",
    "ring": "RING ABOVE",
    "acute": "ACUTE ACCENT",
    "grave": "GRAVE ACCENT",
}


def say(name: Name) -> str:
    """A name in Unicode, its scripts in a line."""
    text = _say_base(name.base)
    if name.subs:
        parts = [_say_base(sub.text) for sub in name.subs]
        short = all(len(part) == 1 for part in parts)
        text += "_" + ("" if short else ",").join(parts)
    text += (f"^{name.sup}" if name.sup else "") + "'" * name.primes
    return unicodedata.normalize("NFC", text)


def _say_base(base: str) -> str:
    *accents, letters = base.split(" ")
    text = _say_letters(letters)
    if accents[:1] == ["Delta"]:
        return "Δ" + _say_base(base.partition(" ")[2])
    for accent in reversed(accents):
        # A calligraphic letter is said as the letter: many faces have no other.
        text += _unicode(f"COMBINING {_COMBINING.get(accent, accent.upper())}", "")
    return text


def _say_letters(letters: str) -> str:
    size = "CAPITAL" if letters[:1].isupper() else "SMALL"
    # Unicode spells λ as it was once spelt.
    letter = letters.upper().replace("LAMBDA", "LAMDA")
    return _unicode(f"GREEK {size} LETTER {letter}", letters)


def _unicode(name: str, otherwise: str) -> str:
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return otherwise
