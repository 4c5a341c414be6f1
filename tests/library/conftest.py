from pathlib import Path

import pytest

from tests.library.helpers import HALF_SQUARE, write_derivation


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A content folder with one good derivation."""
    folder = tmp_path / "content"
    write_derivation(folder, "half-square.toml", HALF_SQUARE)
    return folder
