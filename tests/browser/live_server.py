"""A server in a process of its own: a test can kill it, start it again and move its clock."""

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

START_TIMEOUT_S = 60


class LiveServer:
    """Keeps its database, port and clock over `kill` and `start`."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "coldboard.sqlite3"
        self._offset_file = folder / "offset"
        self._offset_file.write_text("0")
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.browser.serve"]
        arguments = [str(self._port), str(self.database), str(self._offset_file)]
        self._process = subprocess.Popen(command + arguments)
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the server for the browser tests did not start")
            time.sleep(0.05)

    def advance(self, seconds: float) -> None:
        """Moves the server's clock forward."""
        ahead = int(self._offset_file.read_text()) + round(seconds * 1000)
        # Replaced as a whole, so that the server never reads half a number.
        fresh = self._offset_file.with_suffix(".new")
        fresh.write_text(str(ahead))
        fresh.replace(self._offset_file)

    def kill(self) -> None:
        """The server is gone at once, without a chance to tidy up."""
        self._stop(signal.SIGKILL)

    def stop(self) -> None:
        self._stop(signal.SIGTERM)

    def _stop(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=10)
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
