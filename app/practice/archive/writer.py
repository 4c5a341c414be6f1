"""Writes an archive."""

import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import BinaryIO

from app.practice.archive.container import MANIFEST, RATINGS, RUNGS, SETTINGS
from app.practice.archive.parts import (
    CHOICES,
    CardRating,
    Checked,
    Choice,
    Manifest,
    OwnDerivation,
    RungAnswer,
    Saved,
)


class ArchiveWriter:
    """Writes the parts one after the other; the manifest comes last, when they are counted. Of
    ratings, answers and settings each there is one part, which may be empty."""

    def __init__(self, target: BinaryIO, exported_at: int) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)
        self._exported_at = exported_at
        self._attempts = self._checked = self._ratings = self._rungs = 0
        self._derivations: dict[str, Saved] = {}

    def add_recording(self, attempt_id: str, lines: Iterable[str]) -> None:
        """`lines` of the recording, each with its line end."""
        self._add(f"attempts/{attempt_id}.ndjson", lines)
        self._attempts += 1

    def add_checked(self, attempt_id: str, checked: Checked) -> None:
        self._add(f"checked/{attempt_id}.json", [checked.model_dump_json(indent=1) + "\n"])
        self._checked += 1

    def add_ratings(self, ratings: Iterable[CardRating]) -> None:
        """All of them, oldest first."""
        rows = [[one.rating.at, one.card, int(one.rating.grade)] for one in ratings]
        self._add(RATINGS, _json_lines(rows))
        self._ratings = len(rows)

    def add_rungs(self, answers: Iterable[RungAnswer]) -> None:
        """All of them, oldest first."""
        rows = [[one.at, one.derivation, one.rung, one.step, one.passed] for one in answers]
        self._add(RUNGS, _json_lines(rows))
        self._rungs = len(rows)

    def add_settings(self, choices: Mapping[str, Choice]) -> None:
        in_order = {name: choices[name] for name in sorted(choices)}
        self._add(SETTINGS, [CHOICES.dump_json(in_order, indent=1).decode() + "\n"])

    def add_derivation(self, own: OwnDerivation) -> None:
        self._add(f"derivations/{own.id}.toml", [own.source])
        self._derivations[own.id] = Saved(created_at=own.created_at, changed_at=own.changed_at)

    def finish(self, left_out: int) -> Manifest:
        manifest = Manifest(
            exported_at=self._exported_at,
            attempts=self._attempts,
            checked=self._checked,
            ratings=self._ratings,
            rungs=self._rungs,
            derivations=self._derivations,
            left_out=left_out,
        )
        self._add(MANIFEST, [manifest.model_dump_json(indent=1) + "\n"])
        self._zip.close()
        return manifest

    def _add(self, name: str, texts: Iterable[str]) -> None:
        part = zipfile.ZipInfo(name, _zip_date(self._exported_at))
        part.compress_type = zipfile.ZIP_DEFLATED
        part.external_attr = 0o644 << 16  # unpacked by hand, it can be read
        with self._zip.open(part, "w") as place:
            for text in texts:
                place.write(text.encode())


def _json_lines(rows: Iterable[Sequence[object]]) -> Iterable[str]:
    return (f"{json.dumps(row)}\n" for row in rows)


def _zip_date(ms: int) -> tuple[int, int, int, int, int, int]:
    """A zip knows the years from 1980 to 2107."""
    at = datetime.fromtimestamp(ms / 1000, UTC)
    year = min(max(at.year, 1980), 2107)
    return (year, at.month, at.day, at.hour, at.minute, at.second)
