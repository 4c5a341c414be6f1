"""From sending a batch of ink to hearing that it is stored: `python -m bench.roundtrip`.

1 and 50 attempts are written at once, each over a socket of its own with 60 batches of 4 points a
second (a 240 Hz pen at 60 frames a second), to a `coldboard serve` in a process of its own. Two
baselines from the same run: a bare FastAPI socket that sends every message back and stores nothing,
under the same load from the same program; and SQLite alone, a commit for every row.
"""

import asyncio
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from bench.server import HOST, Server, coldboard, cpu_seconds, load_average, running
from bench.services import store_attempts
from bench.writer import BATCHES_A_SECOND, POINTS_A_BATCH, Tally, ink, open_writers, write_all

WRITERS = (1, 50)
SECONDS = 10
# Everything is imported and every table has a page in memory before the first batch that counts.
WARM_UP_S = 1
COMMITS = 2_000
COLUMNS = ("p50", "p99", "max", "sent", "acked", "refused", "slow", "CPU s", "µs", "load s")


def main() -> int:
    batches = f"{BATCHES_A_SECOND} batches of {POINTS_A_BATCH} points a second a writer"
    python = sys.version.split()[0]
    print(f"{batches}, {SECONDS} s; Python {python}, SQLite {sqlite3.sqlite_version}")
    print(f"load average {load_average()}")
    print("p50, p99, max: round trip in ms; CPU s, µs: the server's processor, in all and a batch")
    print(f"{'':18}" + "".join(f"{name:>9}" for name in (*COLUMNS, "commits")))
    complete = True
    for writers in WRITERS:
        print(f"{writers} writing at once")
        bare = measure_echo(writers)
        ours, all_stored = measure_coldboard(writers)
        ratios = [at(share, ours.took) / at(share, bare.took) for share in (0.5, 0.99)]
        print(f"{'    ratio':18}" + "".join(f"{ratio:8.1f}×" for ratio in ratios))
        all_taken = len(ours.took) - ours.refused == ours.sent
        complete = complete and all_taken and all_stored
    measure_commits()
    if not complete:
        print("What was sent, acknowledged and stored is not the same.", file=sys.stderr)
    return 0 if complete else 1


def measure_echo(writers: int) -> Tally:
    options = ["--factory", "--log-level", "warning", "--ws-per-message-deflate", "false"]
    command = [sys.executable, "-m", "uvicorn", "bench.roundtrip:create_echo", *options, "--port"]
    with running(command) as (port, pid):
        server = f"{HOST}:{port}"
        load = Load([f"ws://{server}/"] * writers, f"http://{server}", pid)
        return asyncio.run(load.run("  bare echo"))


def measure_coldboard(writers: int) -> tuple[Tally, bool]:
    """What became of the batches, and whether the database holds those that were acknowledged."""
    with coldboard() as server:
        names = [f"attempt-{number}" for number in range(writers)]
        store_attempts(server.database, names)
        sockets = [f"ws://{HOST}:{server.port}/a/{name}/socket" for name in names]
        load = Load(sockets, server.origin, server.pid, server.commits)
        tally = asyncio.run(load.run("  Coldboard"))
        return tally, load.acknowledged == stored_batches(server)


def create_echo() -> FastAPI:
    """The bare baseline, served by uvicorn with the options that Coldboard gives it."""
    app = FastAPI()

    @app.websocket("/")
    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        try:
            while True:
                await socket.send_text(await socket.receive_text())
        except WebSocketDisconnect:
            pass

    return app


class Load:
    """A load on a server, and the row of the table that it gives."""

    def __init__(
        self,
        sockets: Sequence[str],
        origin: str,
        pid: int,
        commits: Callable[[], int] | None = None,
    ) -> None:
        self._sockets = sockets
        self._origin = origin
        self._pid = pid
        self._commits = commits
        self.acknowledged = 0

    async def run(self, name: str) -> Tally:
        async with open_writers(self._sockets, self._origin) as writers:
            warm = await write_all(writers, WARM_UP_S)
            before = self._used()
            tally = await write_all(writers, SECONDS)
            used = [after - start for after, start in zip(self._used(), before, strict=True)]
        self.acknowledged = sum(len(part.took) - part.refused for part in (warm, tally))
        self._show(name, tally, *used)
        return tally

    def _used(self) -> tuple[float, float, int]:
        """Processor seconds of the server and of this program, and transactions, so far."""
        commits = self._commits() if self._commits else 0
        return cpu_seconds(self._pid), time.process_time(), commits

    def _show(self, name: str, tally: Tally, cpu: float, load: float, commits: float) -> None:
        times = "".join(f"{at(share, tally.took):9.2f}" for share in (0.5, 0.99, 1))
        counts = (tally.sent, len(tally.took) - tally.refused, tally.refused, tally.slow)
        a_batch = cpu / tally.sent * 1e6
        shown = f"{commits:9,}" if self._commits else f"{'–':>9}"
        print(
            f"{name:18}{times}{''.join(f'{count:9,}' for count in counts)}",
            f"{cpu:9.2f}{a_batch:9.0f}{load:9.2f}{shown}",
            sep="",
        )


def stored_batches(server: Server) -> int:
    with closing(sqlite3.connect(f"file:{server.database}?mode=ro", uri=True)) as connection:
        query = "SELECT count(*) FROM event WHERE code = 'ink'"
        return int(connection.execute(query).fetchone()[0])


def measure_commits() -> None:
    """SQLite without any server: a durable commit for every batch of ink, one after the other."""
    took = []
    with tempfile.TemporaryDirectory(prefix="coldboard-bench-") as folder:
        path = Path(folder) / "bench.sqlite3"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("CREATE TABLE event (n INTEGER PRIMARY KEY, data TEXT)")
            for n in range(1, COMMITS + 1):
                row = (n, json.dumps(ink(n), separators=(",", ":")))
                start = time.perf_counter()
                connection.execute("INSERT INTO event VALUES (?, ?)", row)
                took.append((time.perf_counter() - start) * 1000)
    times = "".join(f"{at(share, took):9.2f}" for share in (0.5, 0.99, 1))
    print(f"SQLite alone, a commit a row: {len(took) / sum(took) * 1000:,.0f} commits a second")
    print(f"{'  a commit':18}{times}")


def at(share: float, times: Sequence[float]) -> float:
    """The time that this share of the times does not exceed; NaN when there are none.

    >>> at(0.5, [3, 1, 2]), at(1, [3, 1, 2])
    (2, 3)
    """
    if not times:
        return float("nan")
    return sorted(times)[min(int(share * len(times)), len(times) - 1)]


if __name__ == "__main__":
    sys.exit(main())
