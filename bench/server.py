"""Servers to measure: each a process of its own on a free port of 127.0.0.1, ended by its id."""

import os
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

ROOT = Path(__file__).parents[1]
HOST = "127.0.0.1"
WAIT_S = 60


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `database` is there once something was stored."""

    port: int
    pid: int
    database: Path

    @property
    def origin(self) -> str:
        return f"http://{HOST}:{self.port}"

    def start_attempt(self, derivation: str, minutes: str = "none") -> str:
        """The address of a new cold attempt, /a/ID; its clock has started."""
        form = {"derivation": derivation, "mode": "cold", "minutes": minutes}
        answer = httpx2.post(
            f"{self.origin}/attempts", data=form, headers={"Origin": self.origin}, timeout=WAIT_S
        )
        if answer.status_code != 303:
            raise RuntimeError(f"no attempt was started: {answer.status_code} {answer.text[:200]}")
        return answer.headers["location"]

    def commits(self) -> int:
        """How many transactions SQLite has written since the database was opened.

        SQLite counts them for its own use, 8 bytes into the index of its write-ahead log
        (https://www.sqlite.org/walformat.html).
        """
        index = self.database.with_name(self.database.name + "-shm")
        (count,) = struct.unpack_from("=I", index.read_bytes(), 8)
        return int(count)


@contextmanager
def coldboard() -> Iterator[Server]:
    """`coldboard serve` with an empty database, as anybody would start it."""
    command = [sys.executable, "-c", "import sys; from app.cli import main; sys.exit(main())"]
    with tempfile.TemporaryDirectory(prefix="coldboard-bench-") as folder:
        database = Path(folder) / "bench.sqlite3"
        setting = {"COLDBOARD_DATABASE_URL": f"sqlite:///{database}"}
        with running([*command, "serve", "--host", HOST, "--port"], setting) as (port, pid):
            yield Server(port, pid, database)


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str] | None = None, folder: Path = ROOT
) -> Iterator[tuple[int, int]]:
    """Port and process id of a server, from when it listens; `command` ends where the port goes.
    What goes wrong in a server of our own is shown."""
    port = free_port()
    process = subprocess.Popen(
        [*command, str(port)],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=None if folder == ROOT else subprocess.DEVNULL,
    )
    try:
        wait_until_listening(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        try:
            process.wait(WAIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def wait_until_listening(port: int, process: subprocess.Popen[bytes]) -> None:
    given_up_at = time.monotonic() + WAIT_S
    while time.monotonic() < given_up_at:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended at once, with code {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"the server does not listen after {WAIT_S} s")


def pin(pid: int, core: int) -> None:
    """Keeps a process and all its threads on one core from now on."""
    for thread in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), {core})


def memory_mb(pid: int) -> float:
    """What of a process is in memory now, in millions of bytes; Linux only."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and its threads so far; Linux only."""
    # The name of the program, in brackets, may hold anything: what counts comes after it.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = int(fields[11]), int(fields[12])
    return (user + system) / os.sysconf("SC_CLK_TCK")


def load_average() -> str:
    """How busy the machine was in the last minute: beside a number of processors that is small,
    times are those of this program's neighbours."""
    return f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
