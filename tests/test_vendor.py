"""Vendored files are the ones that were reviewed: each is listed with its checksum."""

import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("folder", ["static/vendor", "tests/browser/vendor"])
def test_every_vendored_file_is_listed_with_its_checksum(folder: str) -> None:
    place = ROOT / folder
    listed = json.loads((place / "manifest.json").read_text())
    expected = {
        f"{name}/{file}": checksum
        for name, package in listed.items()
        for file, checksum in package["sha256"].items()
    }

    found = {
        str(path.relative_to(place)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in place.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }

    assert found == expected
    assert all(f"{name}/LICENSE" in found for name in listed)
