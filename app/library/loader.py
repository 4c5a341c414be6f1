"""A content folder into a library. One broken file never hides the others."""

from collections.abc import Container, Sequence
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from app.errors import ContentError
from app.library.checks import contradictions
from app.library.models import (
    Derivation,
    DerivationFile,
    GotchaFile,
    GotchaRow,
    Library,
)
from app.library.pictures import read_pictures
from app.library.reading import Broken, read_file

# The derivations that Coldboard is made for, in the order of its source. The gotcha table may
# name one before its file is written.
PLANNED = (
    "mlp-backprop",
    "attention",
    "ols",
    "logistic-regression",
    "kl-divergence",
    "em-gmm",
    "pca-svd",
    "svm-dual",
    "rope",
    "dpo",
    "elbo",
    "bias-variance",
    "information-gain",
)
_AFTER_THE_DRILL = 9

Family = tuple[Derivation, ...]
"""A derivation, then its variants."""


def load_library(folder: Path) -> Library:
    """Read `derivations/*.toml` and `gotchas.toml`, if there is one, of a content folder.

    Never raises for what the files hold: what is wrong is in `Library.errors`, in file order.
    """
    report = _Report(folder)
    paths = _derivation_files(folder / "derivations")
    if not paths:
        report.add(folder / "derivations", "no derivation here: write one as README.md shows")
    pictures = read_pictures(folder / "pictures")
    loaded = _derivations(paths, pictures, report)
    known = {*PLANNED, *(path.stem for path in paths)}
    gotchas = _gotchas(folder / "gotchas.toml", known, report)
    ordered = sorted(loaded, key=lambda family: family[0].question.drill or _AFTER_THE_DRILL)
    everything = chain.from_iterable(ordered)
    return Library(
        derivations=MappingProxyType({one.question.id: one for one in everything}),
        gotchas=gotchas,
        errors=tuple(report.errors),
        pictures=MappingProxyType(pictures),
    )


class _Report:
    """The errors found so far, each with the file's name as it is under the content folder."""

    def __init__(self, folder: Path) -> None:
        self.errors: list[ContentError] = []
        self._folder = folder

    def add(self, path: Path, *problems: str) -> None:
        name = (Path(self._folder.name) / path.relative_to(self._folder)).as_posix()
        self.errors.extend(ContentError(f"{name}: {problem}") for problem in problems)


def _derivation_files(folder: Path) -> list[Path]:
    """In the order of the source, others after it by name; not the hidden files of editors."""
    paths = [path for path in folder.glob("*.toml") if not path.name.startswith(".")]
    return sorted(paths, key=lambda path: (_place_in_source(path.stem), path.stem))


def _place_in_source(derivation_id: str) -> int:
    return PLANNED.index(derivation_id) if derivation_id in PLANNED else len(PLANNED)


def _derivations(paths: Sequence[Path], pictures: Container[str], report: _Report) -> list[Family]:
    loaded: list[Family] = []
    places: dict[int, Path] = {}
    ids = {path.stem: path for path in paths}
    for path in paths:
        try:
            family = _family(path, pictures)
        except Broken as broken:
            report.add(path, *broken.problems)
            continue
        drill = family[0].question.drill
        if drill in places:
            report.add(
                path,
                f"drill {drill} is already the place of {places[drill].name}: "
                "choose another, or take drill out",
            )
            continue
        if drill is not None:
            places[drill] = path
        taken = [one.question.id for one in family[1:] if one.question.id in ids]
        for variant_id in taken:
            report.add(
                path, f"variant '{variant_id}' has the id of {ids[variant_id].name}: choose another"
            )
        if taken:
            continue
        ids.update({one.question.id: path for one in family})
        loaded.append(family)
    return loaded


def _family(path: Path, pictures: Container[str]) -> Family:
    """A derivation and its variants. Raises Broken."""
    file = read_file(path, DerivationFile)
    problems = [*contradictions(file, path.stem)]
    problems += [
        f"pictures[{place}].id '{picture.id}' is not a drawing: add pictures/{picture.id}.svg"
        for place, picture in enumerate(file.pictures, start=1)
        if picture.id not in pictures
    ]
    if problems:
        raise Broken(*problems)
    derivation = Derivation.from_file(file)
    return (derivation, *(derivation.varied(variant) for variant in file.variants))


def _gotchas(path: Path, known: set[str], report: _Report) -> tuple[GotchaRow, ...]:
    """A row about an unknown derivation is reported and left out; the other rows stay."""
    if not path.exists():
        return ()
    try:
        rows = read_file(path, GotchaFile).rows
    except Broken as broken:
        report.add(path, *broken.problems)
        return ()
    for place, row in enumerate(rows, start=1):
        if row.derivation not in known:
            report.add(
                path,
                f"rows[{place}].derivation '{row.derivation}' is not a derivation: "
                f"use one of {', '.join(sorted(known))}",
            )
    return tuple(row for row in rows if row.derivation in known)
