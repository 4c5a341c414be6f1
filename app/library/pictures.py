"""The drawings of a content folder: SVG that a page carries in itself, so that its lines take the
page's own colours, light and dark."""

from collections.abc import Callable
from pathlib import Path

from app.library.reading import Broken, source_of


def read_pictures(folder: Path, report: Callable[..., None] | None = None) -> dict[str, str]:
    """By name, without the file's ending. `report` is told which file cannot be used and why;
    without it, such a file raises Broken."""
    pictures: dict[str, str] = {}
    for path in sorted(folder.glob("*.svg")):
        try:
            pictures[path.stem] = source_of(path)
        except Broken as broken:
            if report is None:
                raise
            report(path, *broken.problems)
    return pictures
