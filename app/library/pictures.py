"""The drawings of a content folder: SVG that a page carries in itself, so that its lines take the
page's own colours, light and dark."""

from pathlib import Path


def read_pictures(folder: Path) -> dict[str, str]:
    """By name, without the file's ending."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.svg"))}
