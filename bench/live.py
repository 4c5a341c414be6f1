"""Many who look on: `python -m bench.live`.

Rooms with one who writes 60 batches of 4 points a second and some who look on, against a `coldboard
serve`, and in the same run against what is made for such a thing: bare relays, y-websocket with
LevelDB, Hocuspocus with SQLite. Then somebody comes late, to 20,000 batches.
"""

import argparse
import asyncio
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.crowd import Crowd, crowd
from bench.roundtrip import at, stored_batches
from bench.server import cpu_seconds, load_average, memory_mb, pin
from bench.services import Service, fastapi_relay, from_npm, install, ours
from bench.writer import BATCHES_A_SECOND, POINTS_A_BATCH

# The server has one core, and this program another, as long as there are two.
SERVER_CORE, *_, OWN_CORE = sorted(os.sched_getaffinity(0)) * 2
SECONDS = 5
WARM_UP_S = 1
LATE_BATCHES = 20_000
LATE_JOINS = 9
LATE_S = 30
# What somebody who comes late may wait and be sent.
LATE_MS, LATE_BYTES = 40, 450_000
COLUMNS = ("p50", "p95", "p99", "max", "a second", "µs", "load s", "MB")


@dataclass(frozen=True, slots=True)
class Size:
    """`deaf`: viewers of each room who never read."""

    rooms: int
    viewers: int
    deaf: int = 0

    def __str__(self) -> str:
        rooms = f"{self.rooms} room{'s' if self.rooms > 1 else ''}"
        deaf = ", and one who never reads" if self.deaf else ""
        return f"{rooms}, {self.viewers} viewer{'s' if self.viewers > 1 else ''} in each{deaf}"


SIZES = (Size(1, 1), Size(10, 2), Size(10, 2, deaf=1), Size(50, 2), Size(100, 2), Size(1, 100))


def main() -> int:
    options = read_options()
    pin(os.getpid(), OWN_CORE)
    print(f"{BATCHES_A_SECOND} batches of {POINTS_A_BATCH} points a second, {options.seconds:g} s")
    print(f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}", end="; ")
    print(f"load average {load_average()}")
    print("ms from sending to having; µs: the server's processor time for a delivery")
    with services(options) as compared:
        delivered = [show_size(size, compared, options.seconds) for size in options.sizes]
        in_time = show_late(compared)
    if not all(delivered):
        print("Not everything was delivered and stored.", file=sys.stderr)
    return 0 if all(delivered) and in_time else 1


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.live")
    parser.add_argument("--peers", type=Path, help="a folder where what comes from npm stays")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each size")
    parser.add_argument("--only", default="", help="part of the name of what is measured")
    parser.add_argument("--size", type=int, action="append", help="the place of a size, from 0")
    options = parser.parse_args()
    options.sizes = SIZES if options.size is None else [SIZES[i] for i in options.size]
    return options


@contextmanager
def services(options: argparse.Namespace) -> Iterator[Sequence[Service]]:
    found = [ours(), fastapi_relay()]
    with tempfile.TemporaryDirectory(prefix="coldboard-bench-") as folder:
        try:
            peers = options.peers or Path(folder)
            install(peers)
            found += from_npm(peers, LATE_BATCHES)
        except RuntimeError as error:
            print(f"Without peers from npm: {error}")
        yield [service for service in found if options.only in service.name]


def show_size(size: Size, compared: Sequence[Service], seconds: float) -> bool:
    """False if of Coldboard anything is missing."""
    print(f"{size!s:34}" + "".join(f"{name:>9}" for name in COLUMNS) + "     came")
    complete = True
    for service in compared:
        try:
            whole = asyncio.run(measure(service, size, seconds))
        except (RuntimeError, OSError) as error:
            print(f"  {service.name:32}{error}")
            whole = False
        complete = complete and (whole or service.name != "Coldboard")
    return complete


async def measure(service: Service, size: Size, seconds: float) -> bool:
    """Prints a row; whether everything was delivered, and stored where that is promised."""
    with service.start(size.rooms) as running:
        pin(running.pid, SERVER_CORE)
        async with crowd(service, running, size.viewers, size.deaf) as load:
            await load.write(WARM_UP_S)
            for viewer in load.viewers:
                viewer.took.clear()
            before, warm = (cpu_seconds(running.pid), time.process_time()), load.sent
            await load.write(seconds)
            cpu = cpu_seconds(running.pid) - before[0]
            own = time.process_time() - before[1]
            memory = memory_mb(running.pid)
            took = [ms for viewer in load.viewers for ms in viewer.took]
            expected = (load.sent - warm) * size.viewers
            stored = running.server is None or stored_batches(running.server) == load.sent
    times = "".join(f"{at(share, took):9.2f}" for share in (0.5, 0.95, 0.99, 1))
    rate, a_delivery = len(took) / seconds, cpu / max(len(took), 1) * 1e6
    all_came = len(took) == expected and all(viewer.in_order for viewer in load.viewers)
    came = "all" if all_came else f"{len(took):,} of {expected:,}"
    print(
        f"  {service.name:32}{times}{rate:9,.0f}{a_delivery:9.0f}{own:9.2f}{memory:9.0f}",
        f"{came:>9}{'' if stored else ', not all stored'}",
    )
    return all_came and stored


def show_late(compared: Sequence[Service]) -> bool:
    """False if Coldboard takes too long or sends too much."""
    print(f"{f'late, to {LATE_BATCHES:,} batches':34}", end="")
    print("".join(f"{name:>9}" for name in ("first", "p50", "max", "bytes", "MB", "+MB")))
    in_time = True
    for service in compared:
        if "relay" in service.name:
            continue
        try:
            median, size = asyncio.run(join_late(service))
        except (RuntimeError, OSError) as error:
            print(f"  {service.name:32}{error}")
            continue
        if service.name == "Coldboard":
            in_time = median < LATE_MS and size < LATE_BYTES
    return in_time


async def join_late(service: Service) -> tuple[float, int]:
    """Prints a row. Median of the ms until everything was there and unpacked, and bytes."""
    with service.start(1) as running:
        pin(running.pid, SERVER_CORE)
        empty = memory_mb(running.pid)
        opening = service.fill(running, LATE_BATCHES)
        async with crowd(service, running, viewers=0) as load:
            keeper = await load.join(0, "keeper", lambda _: None)
            for message in opening:
                keeper.send(*message)
            await asyncio.sleep(WARM_UP_S if opening else 0)
            joined = [await join(service, load, i) for i in range(1 + LATE_JOINS)]
            memory = memory_mb(running.pid)
    (first, _), *others = joined
    median, size = statistics.median(took for took, _ in others), others[0][1]
    longest = max(took for took, _ in others)
    times = "".join(f"{ms:9.1f}" for ms in (first, median, longest))
    print(f"  {service.name:32}{times}{size:9,}{memory:9.0f}{memory - empty:9.0f}")
    return median, size


async def join(service: Service, load: Crowd, i: int) -> tuple[float, int]:
    """Milliseconds until one more has all batches, unpacked, and the bytes that came for them."""
    found, whole = 0, asyncio.Event()

    def hear(message: bytes) -> None:
        nonlocal found
        found += service.count(message)
        if found == LATE_BATCHES:
            whole.set()

    begin = time.perf_counter()
    wire = await load.join(0, f"late-{i}", hear)
    await asyncio.wait_for(whole.wait(), LATE_S)
    took = (time.perf_counter() - begin) * 1000
    wire.close()
    return took, wire.received


if __name__ == "__main__":
    sys.exit(main())
