"""Write every drawing to content/pictures/: `python -m scripts.pictures`."""

from pathlib import Path

from scripts.pictures import PICTURES

FOLDER = Path(__file__).resolve().parents[2] / "content" / "pictures"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, draw in PICTURES.items():
        (FOLDER / f"{name}.svg").write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
