"""Serves the application for browser tests, with a clock that the test can move.

Usage: python -m tests.browser.serve PORT DATABASE OFFSET_FILE
OFFSET_FILE holds the milliseconds by which the server's time is ahead of the machine's.
"""

import sys
from pathlib import Path

import uvicorn

from app.live.messages import MAX_MESSAGE_BYTES
from app.main import create_app, wall_clock_ms
from app.settings import Settings


def main(port: str, database: str, offset_file: str) -> None:
    offset = Path(offset_file)
    app = create_app(
        Settings(database_url=f"sqlite:///{database}"),
        now=lambda: wall_clock_ms() + int(offset.read_text() or 0),
    )
    uvicorn.run(app, port=int(port), log_level="warning", ws_max_size=MAX_MESSAGE_BYTES)


if __name__ == "__main__":
    main(*sys.argv[1:])
