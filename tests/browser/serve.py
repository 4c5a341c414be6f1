"""Serves the application for browser tests, with a clock that the test can move."""

from pathlib import Path

import uvicorn

from app.live.messages import MAX_MESSAGE_BYTES
from app.main import create_app, wall_clock_ms
from app.settings import Settings


def serve(port: int, database: Path, offset_file: Path) -> None:
    """`offset_file` holds the milliseconds by which the server's time is ahead of the machine's."""
    app = create_app(
        Settings(database_url=f"sqlite:///{database}"),
        now=lambda: wall_clock_ms() + int(offset_file.read_text() or 0),
    )
    uvicorn.run(app, port=port, log_level="warning", ws_max_size=MAX_MESSAGE_BYTES)
