"""Reads an archive, wherever it comes from."""

import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, TypeVar

from pydantic import TypeAdapter, ValidationError

from app.errors import ArchiveError
from app.practice.archive.container import (
    ALWAYS_THERE,
    ATTEMPT,
    CHECKED,
    DAMAGE,
    DERIVATION,
    MANIFEST,
    RATINGS,
    RUNGS,
    SETTINGS,
    check_list,
    checked_parts,
)
from app.practice.archive.parts import (
    ANSWERED,
    CHOICES,
    FORMAT,
    RATED,
    CardRating,
    Checked,
    Choice,
    Manifest,
    OwnDerivation,
    RungAnswer,
)
from app.practice.events import MAX_EVENT_BYTES
from app.practice.ladder import Rung
from app.practice.preferences import problem_with
from app.practice.spacing import Grade, Rating

MAX_LINE_BYTES = 8 * MAX_EVENT_BYTES

Row = TypeVar("Row")


@contextmanager
def open_archive(file: BinaryIO) -> Iterator["Archive"]:
    """The archive in a file that can be read from anywhere in it. Raises ArchiveError."""
    check_list(file)
    try:
        parts = zipfile.ZipFile(file)
    except DAMAGE as error:
        raise ArchiveError(f"not a zip file, or damaged ({error})") from error
    with parts:
        yield Archive(parts)


class Archive:
    """A file that is being read. What its parts hold is checked when they are asked for; every
    method raises ArchiveError, which names the part."""

    def __init__(self, parts: zipfile.ZipFile) -> None:
        self._zip = parts
        self._parts = {part.filename: part for part in checked_parts(parts.infolist())}
        self.manifest = self._read_manifest()
        self._check_whole()

    def recordings(self) -> Iterator[tuple[str, Iterator[str]]]:
        """The id of each attempt, and the lines of its recording."""
        for name in self._parts:
            attempt = ATTEMPT.fullmatch(name)
            if attempt:
                yield attempt[1], self._lines(name)

    def checked(self, attempt_id: str) -> Checked | None:
        """What was found in an attempt; None where nobody has looked."""
        name = f"checked/{attempt_id}.json"
        if name not in self._parts:
            return None
        try:
            return Checked.model_validate_json(self._text(name))
        except ValidationError as error:
            raise ArchiveError(f"{name}: {_first_problem(error)}") from error

    def ratings(self) -> list[CardRating]:
        """In the order of the file."""
        rows = self._rows(RATINGS, RATED, "[moment, card, grade]", self.manifest.ratings)
        return [CardRating(card, Rating(at, Grade(grade))) for at, card, grade in rows]

    def rungs(self) -> list[RungAnswer]:
        """In the order of the file."""
        form = "[moment, derivation, rung, step, passed]"
        rows = self._rows(RUNGS, ANSWERED, form, self.manifest.rungs)
        return [
            RungAnswer(at, derivation, Rung(rung), step, passed)
            for at, derivation, rung, step, passed in rows
        ]

    def settings(self) -> dict[str, Choice]:
        """By name; each has a value that fits."""
        try:
            choices = CHOICES.validate_json(self._text(SETTINGS))
        except ValidationError as error:
            raise ArchiveError(f"{SETTINGS}: {_first_problem(error)}") from error
        for name, choice in choices.items():
            problem = problem_with(name, choice.value)
            if problem:
                raise ArchiveError(f"{SETTINGS}: {name[:40]}: {problem.rstrip('.')}")
        return choices

    def derivations(self) -> Iterator[OwnDerivation]:
        """In the order in which they were written into the file."""
        for derivation_id, saved in self.manifest.derivations.items():
            source = self._text(f"derivations/{derivation_id}.toml")
            yield OwnDerivation(derivation_id, source, saved.created_at, saved.changed_at)

    def _read_manifest(self) -> Manifest:
        if MANIFEST not in self._parts:
            raise ArchiveError(f"not an export of Coldboard: there is no {MANIFEST} in it")
        try:
            said: Any = json.loads(self._text(MANIFEST))
            stated = said.get("coldboard_archive") if isinstance(said, dict) else None
            if isinstance(stated, int) and stated > FORMAT:
                raise ArchiveError(
                    f"written by a newer Coldboard, in format {stated}: this one reads format "
                    f"{FORMAT}. Bring Coldboard up to date first"
                )
            return Manifest.model_validate(said)
        except ValidationError as error:
            raise ArchiveError(f"{MANIFEST}: {_first_problem(error)}") from error
        except (ValueError, RecursionError) as error:
            raise ArchiveError(f"{MANIFEST}: not JSON ({error})") from error

    def _check_whole(self) -> None:
        """Every part that the manifest speaks of is there, and no other."""
        attempts, checked = self._ids(ATTEMPT), self._ids(CHECKED)
        if len(attempts) != self.manifest.attempts:
            raise ArchiveError(
                f"there are {len(attempts)} attempts in it, and should be {self.manifest.attempts}"
            )
        if len(checked) != self.manifest.checked or checked - attempts:
            raise ArchiveError("what was found in the attempts is not there, or not of them")
        named = {f"derivations/{one}.toml" for one in self.manifest.derivations}
        there = {name for name in self._parts if DERIVATION.fullmatch(name)}
        for name in sorted({*named, *ALWAYS_THERE} - {*self._parts}):
            raise ArchiveError(f"{name} is missing")
        for name in sorted(there - named):
            raise ArchiveError(f"{name} is not named in {MANIFEST}")

    def _ids(self, pattern: re.Pattern[str]) -> set[str]:
        return {found[1] for found in map(pattern.fullmatch, self._parts) if found}

    def _rows(self, name: str, adapter: TypeAdapter[Row], form: str, count: int) -> list[Row]:
        """The lines of a part, each of them JSON of this form, and as many as was said."""
        rows: list[Row] = []
        for number, line in enumerate(self._lines(name), start=1):
            try:
                rows.append(adapter.validate_json(line))
            except ValidationError as error:
                reason = error.errors(include_url=False, include_input=False)[0]["msg"]
                raise ArchiveError(f"{name}: line {number}: not {form} ({reason})") from error
        if len(rows) != count:
            raise ArchiveError(f"{name}: there are {len(rows)} lines in it, and should be {count}")
        return rows

    def _text(self, name: str) -> str:
        return "".join(self._lines(name))

    def _lines(self, name: str) -> Iterator[str]:
        """The lines of a part with their line ends, none of them longer than is sensible."""
        try:
            with self._zip.open(self._parts[name]) as part:
                while line := part.readline(MAX_LINE_BYTES + 1):
                    if len(line) > MAX_LINE_BYTES:
                        raise ArchiveError(f"{name}: a line is too long")
                    yield line.decode()
        except UnicodeDecodeError as error:
            raise ArchiveError(f"{name}: not UTF-8 ({error.reason})") from error
        except DAMAGE as error:
            raise ArchiveError(f"{name}: damaged ({error})") from error


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]
