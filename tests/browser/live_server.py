"""A server in a process of its own: a test can kill it, start it again and move its clock."""

import multiprocessing
import socket
import sqlite3
import time
import urllib.error
import urllib.request
from contextlib import closing
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.browser.serve import serve

START_TIMEOUT_S = 60
# Servers are forked from a process in which the application has run once: that takes seconds.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.browser.warm"])


class LiveServer:
    """Keeps its database, port and clock over `kill` and `start`, but not over `begin_anew`."""

    def __init__(self, folder: Path, empty_database: Path) -> None:
        """`empty_database`: one with all its tables, of which a copy is used."""
        self.database = folder / "coldboard.sqlite3"
        self._empty_database = empty_database
        self._offset_file = folder / "offset"
        self._port = free_port()
        self._process: ForkServerProcess | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def begin_anew(self) -> None:
        """Empties the database and sets the clock right. The process stays if it is there and has
        never seen another time: a new one costs as much as many a test."""
        if self._offset_file.exists() and self._offset_file.read_text() != "0":
            self.stop()
        self._offset_file.write_text("0")
        with (
            closing(sqlite3.connect(self._empty_database)) as empty,
            closing(sqlite3.connect(self.database)) as used,
        ):
            empty.backup(used)
        if self._process is None:
            self.start()

    def start(self) -> None:
        self._process = FORKS.Process(
            target=serve, args=(self._port, f"sqlite:///{self.database}", self._offset_file)
        )
        self._process.start()
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._answers():
            if not self._process.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("the server for the browser tests did not start")
            time.sleep(0.02)

    def advance(self, seconds: float) -> None:
        """Moves the server's clock forward."""
        ahead = int(self._offset_file.read_text()) + round(seconds * 1000)
        # Replaced as a whole, so that the server never reads half a number.
        fresh = self._offset_file.with_suffix(".new")
        fresh.write_text(str(ahead))
        fresh.replace(self._offset_file)

    def kill(self) -> None:
        """The server is gone at once, without a chance to tidy up."""
        if self._process is not None:
            self._process.kill()
            self._wait()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._wait()

    def _wait(self) -> None:
        assert self._process is not None
        self._process.join(timeout=10)
        assert not self._process.is_alive(), "the server for the browser tests does not end"
        self._process = None

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.origin}/healthz", timeout=1) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
