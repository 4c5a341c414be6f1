"""Serves the application for browser tests, with a clock that the test can move."""

from pathlib import Path

import uvicorn
import uvicorn.lifespan.on
import uvicorn.protocols.http.auto
import uvicorn.protocols.websockets.auto

from app import main
from app.library.loader import load_library
from app.live.messages import MAX_MESSAGE_BYTES
from app.settings import ROOT, Settings

# Read once, as is what uvicorn imports late: servers are forks of the process that imports this.
SHIPPED = load_library(ROOT / "content")


def serve(port: int, database: Path, offset_file: Path) -> None:
    """`offset_file` holds the milliseconds by which the server's time is ahead of the machine's."""
    setattr(main, "load_library", lambda *_folders: SHIPPED)  # noqa: B010, mypy knows no such name
    app = main.create_app(
        Settings(database_url=f"sqlite:///{database}", content_folder=ROOT / "content"),
        now=lambda: main.wall_clock_ms() + int(offset_file.read_text() or 0),
    )
    uvicorn.run(
        app,
        port=port,
        log_level="warning",
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,
    )
