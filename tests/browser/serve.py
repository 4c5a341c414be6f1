"""Serves the application for browser tests, with a clock that the test can move."""

from collections.abc import Callable
from pathlib import Path

import uvicorn
import uvicorn.lifespan.on
import uvicorn.protocols.http.auto
from fastapi import FastAPI

from app import main
from app.library.examples import load_examples
from app.library.loader import load_library
from app.live.messages import MAX_MESSAGE_BYTES
from app.settings import ROOT, Settings
from app.web.checker_page import CheckedExamples
from app.web.connection import Connection

# Read once, as is what uvicorn imports late: servers are forks of a process that has imported this.
CONTENT = ROOT / "content"
SHIPPED = load_library(CONTENT)
EXAMPLES = CheckedExamples(load_examples(CONTENT), SHIPPED)


def serve(port: int, database_url: str, offset_file: Path) -> None:
    """`offset_file` holds the milliseconds by which the server's time is ahead of the machine's."""
    app = application(
        database_url, now=lambda: main.wall_clock_ms() + int(offset_file.read_text() or 0)
    )
    uvicorn.run(
        app,
        port=port,
        log_level="warning",
        ws=Connection,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,
    )


def application(database_url: str, now: Callable[[], int]) -> FastAPI:
    setattr(main, "load_library", lambda *_folders: SHIPPED)  # noqa: B010, mypy knows no such name
    setattr(main, "CheckedExamples", lambda *_what: EXAMPLES)  # noqa: B010
    return main.create_app(Settings(database_url=database_url, content_folder=CONTENT), now=now)
