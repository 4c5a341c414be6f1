"""Coldboard and what it is compared with: how each is started and how its clients speak.

Peers from npm come into a folder outside of this one. `@y/websocket-server` stays at 0.1.1, because
later ones ask for a Yjs that is not published.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlmodel import Session, col, delete

from app.practice.events import Event, compact_json
from app.storage.database import open_database
from app.storage.recordings import Entry, append_entries
from app.storage.tables import AttemptRow, EventRow
from bench.server import ROOT, Server, coldboard, running
from bench.wire import BINARY, TEXT
from bench.writer import ink

PACKAGES = (
    "ws@8",
    "yjs@13",
    "@y/websocket-server@0.1.1",
    "y-leveldb@0.1",
    "@hocuspocus/server@4",
    "@hocuspocus/extension-sqlite@4",
)
INSTALL_S = 300
DERIVATION = "ols"
WRITER = "writer"
INK = re.compile(rb'\[(\d+),\d+,"ink",')
MARK = re.compile(rb',"ink",\{')
NUMBER = re.compile(rb"~(\d{6})")
Message = tuple[bytes, int]


@dataclass(frozen=True, slots=True)
class Running:
    """A service that listens, with as many rooms as were asked for; pages of Coldboard have
    names."""

    port: int
    pid: int
    paths: Sequence[str]
    server: Server | None = None

    def path(self, room: int, page: str) -> str:
        return self.paths[room] + (page if self.server else "")


@dataclass(frozen=True, slots=True)
class Service:
    """`opening`: what a client says first; `batch`: the n-th batch of ink, from 1, `ms` after its
    writer came; `numbers`: finds in a message which batches it holds, `mark` is what each has
    once, and `shift` what has to be added to its number."""

    name: str
    start: Callable[[int], AbstractContextManager[Running]]
    opening: Callable[[str], Sequence[Message]]
    batch: Callable[[str, int, int], Message]
    fill: Callable[[Running, int], Sequence[Message]]
    numbers: re.Pattern[bytes]
    mark: re.Pattern[bytes]
    shift: int = 0

    def count(self, message: bytes) -> int:
        """How many batches there are in a message."""
        return len(self.mark.findall(unpacked(message)))

    def found(self, message: bytes) -> list[int]:
        if is_sealed(message):
            sealed = json.loads(unpacked(message))
            first = sealed["first"] + self.shift
            batches = [event[1] == "ink" for event in sealed["events"]]
            return [n for n, is_batch in enumerate(batches, first) if is_batch]
        return [int(n) + self.shift for n in self.numbers.findall(message)]


def is_sealed(message: bytes) -> bool:
    """What of Coldboard's log is long past comes deflated; nobody else's messages begin so."""
    return message[:1] == b"\x78"


def unpacked(message: bytes) -> bytes:
    return zlib.decompress(message) if is_sealed(message) else message


def ours() -> Service:
    @contextmanager
    def start(rooms: int) -> Iterator[Running]:
        with coldboard() as server:
            attempts = [f"room-{i}" for i in range(rooms)]
            store_attempts(server.database, attempts)
            paths = [f"/a/{attempt}/socket?after=0&source=" for attempt in attempts]
            yield Running(server.port, server.pid, paths, server)

    def batch(_path: str, n: int, ms: int) -> Message:
        event = [ms, "ink", ink(n)]
        message = {"type": "events", "source": WRITER, "first": n, "events": [event]}
        return json.dumps(message, separators=(",", ":")).encode(), TEXT

    def fill(service: Running, count: int) -> Sequence[Message]:
        """Into the database: over the socket nobody may write that fast."""
        assert service.server is not None
        attempt = service.paths[0].split("/")[2]
        events = [Event(0, "start", {})] + [Event(n, "ink", ink(n)) for n in range(1, count + 1)]
        with stored_in(service.server.database) as session:
            # The server may have begun it already.
            session.exec(delete(EventRow).where(col(EventRow.attempt_id) == attempt))
            entries = [
                Entry.of(attempt, n, event, "past", n, 0) for n, event in enumerate(events, 1)
            ]
            append_entries(session, entries)
        return ()

    # The log begins with the start of the clock: batch 1 is event 2.
    return Service("Coldboard", start, lambda _: (), batch, fill, INK, MARK, shift=-1)


def store_attempts(database: Path, names: Sequence[str]) -> None:
    """Attempts whose clocks have just started; over the pages nobody may have two of a derivation
    at a time."""
    now = time.time_ns() // 1_000_000
    with stored_in(database) as session:
        for name in names:
            session.add(
                AttemptRow(
                    id=name,
                    derivation=DERIVATION,
                    mode="cold",
                    limit_ms=None,
                    reading_ms=0,
                    created_at=now,
                    day=date.today(),  # noqa: DTZ011
                    started_at=now,
                )
            )


@contextmanager
def stored_in(database: Path) -> Iterator[Session]:
    """Beside the server that has it open; what is added is stored at the end."""
    engine = open_database(f"sqlite:///{database}")
    with Session(engine) as session:
        yield session
        session.commit()
    engine.dispose()


def bare(name: str, command: Sequence[str], folder: Path) -> Service:
    """A relay that keeps nothing: who comes late gets nothing."""

    def batch(_path: str, n: int, ms: int) -> Message:
        event = [n, ms, "ink", ink(n)]
        message = {"type": "events", "events": [event]}
        return json.dumps(message, separators=(",", ":")).encode(), TEXT

    start = starter(command, folder, {})
    return Service(name, start, lambda _: (), batch, lambda *_: (), INK, MARK)


def fastapi_relay() -> Service:
    options = ["--factory", "--log-level", "warning", "--ws-per-message-deflate", "false"]
    uvicorn = [sys.executable, "-m", "uvicorn", "bench.relay:create_relay", *options, "--port"]
    return bare("FastAPI relay", uvicorn, ROOT)


def from_npm(folder: Path, batches: int) -> Sequence[Service]:
    """Peers in a folder in which `install` has put them."""
    updates, whole = yjs_updates(folder, batches)

    def yjs(name: str, file: str, keep: Mapping[str, str], *, named: bool) -> Service:
        """`named`: every message begins with the name of the document, and a token is asked for."""

        def sync(path: str, kind: int, content: bytes) -> Message:
            return prefix(path) + bytes([0, kind]) + var_bytes(content), BINARY

        def prefix(path: str) -> bytes:
            return var_bytes(path.strip("/").encode()) if named else b""

        def opening(path: str) -> Sequence[Message]:
            token = [(prefix(path) + b"\x02\x00\x00", BINARY)] if named else []
            return [*token, sync(path, 0, b"\x00")]

        return Service(
            name,
            starter(["node", file], folder, keep),
            opening,
            lambda path, n, _ms: sync(path, 2, updates[n - 1]),
            lambda service, _count: [sync(service.paths[0], 2, whole)],
            NUMBER,
            NUMBER,
        )

    return [
        bare("ws relay", ["node", "relay.mjs"], folder),
        yjs("y-websocket", "y-websocket.mjs", {"YPERSISTENCE": "level"}, named=False),
        yjs("Hocuspocus", "hocuspocus.mjs", {"DATABASE": "hocuspocus.sqlite3"}, named=True),
    ]


def starter(
    command: Sequence[str], folder: Path, keep: Mapping[str, str]
) -> Callable[[int], AbstractContextManager[Running]]:
    """`keep`: settings that name where it keeps what it is given, made anew for each start."""

    @contextmanager
    def start(rooms: int) -> Iterator[Running]:
        for name in keep.values():
            shutil.rmtree(folder / name, ignore_errors=True)
            (folder / name).unlink(missing_ok=True)
        with running(command, keep, folder) as (port, pid):
            yield Running(port, pid, [f"/room-{i}" for i in range(rooms)])

    return start


def install(folder: Path) -> None:
    """The peers into a folder, unless they are there already. Raises RuntimeError."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise RuntimeError("there is no node or no npm")
    folder.mkdir(parents=True, exist_ok=True)
    for source in (ROOT / "bench" / "node").iterdir():
        shutil.copy(source, folder)
    if (folder / "node_modules").exists():
        return
    quiet = ["--no-package-lock", "--no-audit", "--no-fund", "--silent"]
    npm(folder, "install", "--prefix", ".", "--ignore-scripts", *quiet, *PACKAGES)
    # Where nothing ready can be downloaded it is compiled, which takes minutes.
    npm(folder, "rebuild", "better-sqlite3", "--silent")


def npm(folder: Path, *arguments: str) -> None:
    try:
        subprocess.run(
            ["npm", *arguments], cwd=folder, check=True, timeout=INSTALL_S, capture_output=True
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise RuntimeError(f"npm {arguments[0]} failed") from error


def yjs_updates(folder: Path, count: int) -> tuple[Sequence[bytes], bytes]:
    """For each batch what a client of Yjs sends, and one update with all of them."""
    lines = [compact_json({"n": f"~{n:06}", **ink(n)}) for n in range(1, count + 1)]
    made = subprocess.run(
        ["node", "updates.mjs"],
        cwd=folder,
        input="\n".join(lines),
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "NODE_NO_WARNINGS": "1"},
    )
    *updates, whole = [b64decode(line) for line in made.stdout.split()]
    return updates, whole


def var_bytes(content: bytes) -> bytes:
    """Length, seven bits a byte, and content, as lib0 writes it.

    >>> var_bytes(b"a" * 200)[:3]
    b'\\xc8\\x01a'
    """
    size, head = len(content), bytearray()
    while size > 0x7F:
        head.append(0x80 | size & 0x7F)
        size >>= 7
    head.append(size)
    return bytes(head) + content
