"""From sending a batch of ink to hearing that it is stored: `python -m bench.roundtrip`.

1 and 50 attempts are written at once, each over a socket of its own with 60 batches of 4 points a
second (a 240 Hz pen at 60 frames a second), to a `coldboard serve` in a process of its own. Two
baselines from the same run: a bare FastAPI socket that sends every message back and stores nothing,
under the same load from the same program; and SQLite alone, a commit for every row.
"""

import asyncio
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from bench.server import HOST, Server, coldboard, cpu_seconds, running
from bench.writer import BATCHES_A_SECOND, POINTS_A_BATCH, Writer, write_all

WRITERS = (1, 50)
SECONDS = 10
COMMITS = 2_000
DERIVATION = "ols"
COLUMNS = ("p50", "p99", "max", "sent", "acked", "refused", "slow", "CPU s", "µs", "load s")


@dataclass(frozen=True, slots=True)
class Reading:
    """What has been used up so far: processor seconds of both sides, transactions of SQLite."""

    server_cpu: float
    load_cpu: float
    commits: int


def main() -> int:
    batches = f"{BATCHES_A_SECOND} batches of {POINTS_A_BATCH} points a second a writer"
    print(f"{batches}, {SECONDS} s, Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}")
    print("p50, p99, max: round trip in ms; µs: the server's processor time a batch")
    print(f"{'':22}" + "".join(f"{name:>9}" for name in COLUMNS))
    problems = []
    for writers in WRITERS:
        print(f"{writers} writing at once")
        bare = measure_echo(writers)
        ours, unstored = measure_coldboard(writers)
        ratios = [at(share, ours) / at(share, bare) for share in (0.5, 0.99)]
        print(f"{'    ratio':22}" + "".join(f"{ratio:8.1f}×" for ratio in ratios))
        if unstored:
            problems.append(f"{writers} writing: {unstored} batches were acknowledged, not stored")
    measure_commits()
    print(*problems, sep="\n", file=sys.stderr)
    return 1 if problems else 0


def measure_coldboard(writers: int) -> tuple[Sequence[float], int]:
    """Round trips, sorted, and how many batches were acknowledged that the database lacks."""
    with coldboard() as server:
        sockets = [f"{server.start_attempt(DERIVATION)}/socket" for _ in range(writers)]
        origin = f"ws://{HOST}:{server.port}"
        done, used = measure([origin + path for path in sockets], server.pid, server.commits)
        took = report("  Coldboard", done, used)
        acknowledged = sum(writer.acknowledged for writer in done)
        return took, acknowledged - stored_batches(server)


def measure_echo(writers: int) -> Sequence[float]:
    """Round trips, sorted."""
    options = ["--factory", "--log-level", "warning", "--ws-per-message-deflate", "false"]
    command = [sys.executable, "-m", "uvicorn", "bench.roundtrip:create_echo", *options, "--port"]
    with running(command) as (port, pid):
        sockets = [f"ws://{HOST}:{port}/"] * writers
        return report("  bare echo", *measure(sockets, pid, lambda: 0))


def create_echo() -> FastAPI:
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
