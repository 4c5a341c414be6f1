"""One word for one thing: where prose calls something otherwise than the rest of Coldboard does.

A speller knows what a word is; which of several good ones is ours stands here.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from app.errors import ContentError
from app.library.examples import FILE_NAME, ExamplesFile
from app.library.models import DerivationFile, Frozen, GotchaFile, Library
from app.library.prose import segments
from app.library.reading import Broken, read_file
from app.library.verifying.texts import texts_of

# Whole words that are not ours, as regular expressions, and what to write instead.
_WORDS = {
    # what the product is made of
    "follow ?ups?": "follow-up",
    "load bearing": "load-bearing",
    "key (?:idea|line)s?": "key step",
    "timers?": "clock",
    "interviewees?": "candidate",
    "white[ -]boards?": "whiteboard",
    # what derivations are about
    "auto-encoders?": "autoencoder",
    "back-propagation": "backpropagation",
    "cross entropy": "cross-entropy",
    "datasets?": "data set",
    "e steps?": "E-step",
    "m steps?": "M-step",
    "eigen-(?:value|vector)s?": "it without the hyphen",
    "formulae": "formulas",
    "hyper-parameters?": "hyperparameter",
    "log likelihoods?": "log-likelihood",
    "log odds": "log-odds",
    "mini-batch(?:es)?": "minibatch",
    "non-(?:convex|linear|negative|singular|zero)": "it without the hyphen",
    "one hot": "one-hot",
    "semi-definite": "semidefinite",
    "soft-max": "softmax",
    "sub-spaces?": "subspace",
    "trade ?offs?": "trade-off",
    # plain English
    r"e\. ?g\.": "for example",
    r"i\. ?e\.": "that is",
    r"wrt|w\. ?r\. ?t\.": "with respect to",
    "iff": "exactly if",
    "can not": "cannot",
    "toward": "towards",
    "whilst": "while",
}
_MARKS = {
    "!": "a full stop",
    r"\.\.\.": "…",
    '"': "“ or ”",
    "(?<= )--?(?= )": "a comma, a colon or –",
}
_FORBIDDEN = [
    *((re.compile(rf"(?<!\w)(?:{word})(?!\w)", re.I), ours) for word, ours in _WORDS.items()),
    *((re.compile(mark), ours) for mark, ours in _MARKS.items()),
]


def foreign_terms(folder: Path, library: Library) -> tuple[ContentError, ...]:
    """What is called otherwise than elsewhere in a content folder, in file order. `library` is what
    was loaded from it: a file that could not be loaded has been reported already."""
    files: list[tuple[str, type[Frozen]]] = [
        (f"derivations/{derivation.question.id}.toml", DerivationFile)
        for derivation in library.originals
    ]
    files += [("gotchas.toml", GotchaFile), (FILE_NAME, ExamplesFile)]
    problems: list[ContentError] = []
    for name, model in files:
        try:
            file = read_file(folder / name, model)
        except Broken:
            continue
        problems += (ContentError(f"{folder.name}/{name}: {one}") for one in _problems(file))
    return tuple(problems)


def _problems(file: Frozen) -> Iterator[str]:
    """Sentences for the author, each naming a field and saying what to do."""
    for field, prose in texts_of(file):
        for found, ours in foreign_in(_words_of(prose)):
            yield f"{field} says '{found}': write {ours}"


def foreign_in(words: str) -> Iterator[tuple[str, str]]:
    """Each word or mark that is not ours, with what to write instead.

    >>> list(foreign_in("Two datasets, with a well-known follow-up."))
    [('datasets', 'data set')]
    """
    for forbidden, ours in _FORBIDDEN:
        yield from ((match[0], ours) for match in forbidden.finditer(words))


def _words_of(prose: str) -> str:
    """Without formulas and code, which have a language of their own."""
    return "".join(
        piece.text if piece.kind in ("text", "emphasis") else "_" for piece in segments(prose)
    )
