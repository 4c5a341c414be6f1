"""A content folder into a library. One broken file never hides the others."""

from collections.abc import Container, Sequence
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from app.errors import ContentError
from app.library.checks import contradictions, missing_pictures
from app.library.models import (
    Derivation,
    DerivationFile,
    GotchaFile,
    GotchaRow,
    Library,
)
from app.library.pictures import read_pictures
from app.library.places import located
from app.library.reading import Broken, read_file, read_source, source_of

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


def load_library(folder: Path, own_folder: Path | None = None) -> Library:
    """Read `derivations/*.toml`, `pictures/*.svg` and `gotchas.toml`, as far as there are any, of a
    content folder, and of one's own beside it.

    Never raises for what the files hold: what is wrong is in `Library.errors`, in file order.
    """
    if own_folder is None:
        return _load_folder(folder)
    return _together(_load_folder(folder), _load_folder(own_folder), own_folder.name)


def _together(shipped: Library, own: Library, name: str) -> Library:
    """What is shipped stays: a derivation of one's own that takes an id of it is left out."""
    taken = [one.question for key, one in own.derivations.items() if key in shipped.derivations]
    refused = {question.family for question in taken}
    added = {key: one for key, one in own.derivations.items() if one.question.family not in refused}
    errors = [
        ContentError(
            f"{name}/derivations/{question.family}.toml: id '{question.id}' is that of a "
            "derivation that is shipped: choose another, and rename the file"
        )
        for question in taken
    ]
    return Library(
        derivations=MappingProxyType({**shipped.derivations, **added}),
        gotchas=(*shipped.gotchas, *own.gotchas),
        errors=(*shipped.errors, *own.errors, *errors),
        pictures=MappingProxyType({**own.pictures, **shipped.pictures}),
    )


def _load_folder(folder: Path) -> Library:
    report = _Report(folder)
    paths = _derivation_files(folder / "derivations")
    if not paths:
        report.add(folder / "derivations", "no derivation here: write one as README.md shows")
    pictures = read_pictures(folder / "pictures", report.add)
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
    return family_of(source_of(path), path.stem, pictures)


def family_of(source: str, derivation_id: str, pictures: Container[str] = ()) -> Family:
    """The derivation and the variants of a content file, from its text. Raises Broken."""
    file = read_source(source, DerivationFile)
    problems = [*contradictions(file, derivation_id), *missing_pictures(file, pictures)]
    if problems:
        raise Broken(*(located(source, problem) for problem in problems))
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
