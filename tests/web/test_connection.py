"""The connection under a WebSocket: a shorter way in and out, and the end of one that is dead."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import uvicorn
from fastapi import FastAPI, WebSocket
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

from app.web.connection import Connection, whole_text
from app.web.outlets import outlet_of
from tests.helpers import until

pytestmark = pytest.mark.anyio

LONG_S = 60
PING_S = 0.01
HANDSHAKE = (
    b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
# More than the system takes for somebody who does not read.
MUCH = bytes(10_000_000)


@asynccontextmanager
async def served(
    handle: Callable[[WebSocket], Awaitable[None]], ping_s: float = LONG_S
) -> AsyncIterator[tuple[str, int]]:
    """The address of a server whose sockets are handled so."""
    app = FastAPI()

    @app.websocket("/")
    async def endpoint(browser: WebSocket) -> None:
        await browser.accept()
        await handle(browser)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(
            app,
            ws=Connection,
            log_level="critical",
            lifespan="off",
            ws_per_message_deflate=False,
            ws_ping_interval=ping_s,
            ws_ping_timeout=ping_s,
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([listening]))
        await until(lambda: server.started)
        yield listening.getsockname()
        server.should_exit = True
        await serving
    assert not server.server_state.connections


def client(address: tuple[str, int]) -> connect:
    host, port = address
    return connect(f"ws://{host}:{port}/", compression=None, proxy=None)


def frame(text: str, opcode: Opcode = Opcode.TEXT, *, fin: bool = True) -> bytes:
    """As a browser sends it."""
    return Frame(opcode, text.encode(), fin).serialize(mask=True)


def connection_of(browser: WebSocket) -> Connection:
    connection = Connection.under(browser.scope)
    assert connection is not None
    return connection


async def test_what_came_before_somebody_listened_comes_first() -> None:
    heard: list[str] = []
    listens = asyncio.Event()

    async def handle(browser: WebSocket) -> None:
        await listens.wait()
        connection_of(browser).hear = heard.append
        while (message := await browser.receive())["type"] != "websocket.disconnect":
            heard.append(f"{message['text']}, from the queue")

    async with served(handle) as address, client(address) as browser:
        for number in range(3):
            await browser.send(str(number))
        listens.set()
        await until(lambda: len(heard) == 3)
        for number in range(3, 6):
            await browser.send(str(number))
        await until(lambda: len(heard) == 6)

    assert [text.split(",")[0] for text in heard] == ["0", "1", "2", "3", "4", "5"]
    assert heard[3:] == ["3", "4", "5"]


async def test_what_comes_in_pieces_is_heard_as_a_whole_and_bytes_go_the_old_way() -> None:
    heard: list[str | bytes] = []

    async def handle(browser: WebSocket) -> None:
        connection_of(browser).hear = heard.append
        heard.append((await browser.receive())["bytes"])
        await browser.receive()

    async with served(handle) as address, client(address) as browser:
        await browser.send(["∇ ", "𝓛"])
        await browser.send(b"bytes")
        await until(lambda: len(heard) == 2)

    assert heard == ["∇ 𝓛", b"bytes"]


async def test_however_the_bytes_are_cut_the_same_is_heard() -> None:
    mask = b"\x80" * 4
    # Masked, its seven letters look like a frame that says "A".
    alike = b"\x81\x87" + mask + b"\x81\x81" + mask + b"\xc1"
    said = [
        frame("a"),
        alike,
        frame("∇" * 60),  # its size takes two bytes
        frame("", Opcode.PING),
        frame("in ", fin=False),
        frame("", Opcode.PONG),
        frame("two", Opcode.CONT),
        frame("b"),
    ]
    stream = b"".join(said)
    heard: list[str] = []

    async def handle(browser: WebSocket) -> None:
        connection = connection_of(browser)
        connection.hear = heard.append
        for cut in range(len(stream)):
            connection.data_received(stream[:cut])
            connection.data_received(stream[cut:])
        await browser.close()

    async with served(handle) as address, client(address) as browser:
        await all_of(browser)

    assert heard == ["a", "\1\1\0\0\0\0A", "∇" * 60, "in two", "b"] * len(stream)


async def test_a_text_within_another_closes_the_connection() -> None:
    heard: list[str] = []

    async def handle(browser: WebSocket) -> None:
        connection = connection_of(browser)
        connection.hear = heard.append
        connection.data_received(frame("in ", fin=False))
        connection.data_received(frame("between"))

    async with served(handle) as address, client(address) as browser:
        with pytest.raises(ConnectionClosed) as closed:
            await browser.recv()

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1002
    assert heard == []


async def test_whole_texts_do_not_go_through_the_general_parser(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[str] = []

    async def handle(browser: WebSocket) -> None:
        connection = connection_of(browser)
        connection.hear = heard.append
        with monkeypatch.context() as patched:
            patched.setattr(connection.conn, "receive_data", pytest.fail)
            connection.data_received(frame("a") + frame("b" * 1_000))
        await browser.close()

    async with served(handle) as address, client(address) as browser:
        await all_of(browser)

    assert heard == ["a", "b" * 1_000]


async def test_nothing_is_heard_once_it_is_closing() -> None:
    heard: list[str] = []

    async def handle(browser: WebSocket) -> None:
        connection = connection_of(browser)
        connection.hear = heard.append
        connection.data_received(frame("before"))
        await browser.close()
        connection.data_received(frame("after"))

    async with served(handle) as address, client(address) as browser:
        await all_of(browser)

    assert heard == ["before"]


NO_WHOLE_TEXT = {
    "nothing": b"",
    "half a head": frame("short")[:5],
    "not all of it": frame("not all of it")[:-1],
    "not all of its size": frame("b" * 200)[:7],
    "a first part": frame("a part", fin=False),
    "a further part": frame("rest", Opcode.CONT),
    "a ping": frame("", Opcode.PING),
    "a size of eight bytes": frame("b" * 70_000),
    "no mask": b"\x81\x02no",
    "no text": Frame(Opcode.TEXT, b"\xff").serialize(mask=True),
}


@pytest.mark.parametrize("data", NO_WHOLE_TEXT.values(), ids=NO_WHOLE_TEXT)
async def test_what_is_no_whole_text_is_left_to_the_general_parser(data: bytes) -> None:
    assert whole_text(data, 0) is None


async def test_text_that_is_none_closes_the_connection() -> None:
    heard: list[str] = []

    async def handle(browser: WebSocket) -> None:
        connection_of(browser).hear = heard.append
        while (await browser.receive())["type"] != "websocket.disconnect":
            pass

    async with served(handle) as address, client(address) as browser:
        await browser.send(b"\xff\xfe", text=True)
        with pytest.raises(ConnectionClosed) as closed:
            await browser.recv()

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1007
    assert heard == []


async def test_what_is_written_arrives_and_after_the_end_nothing_is_written() -> None:
    async def handle(browser: WebSocket) -> None:
        outlet = outlet_of(browser, lambda: None)
        outlet.write("∇ 𝓛")
        outlet.write(b"sealed" * 20_000)
        await browser.close()
        outlet.write("too late")

    async with served(handle) as address, client(address) as browser:
        came = await all_of(browser)

    assert came == ["∇ 𝓛", b"sealed" * 20_000]


async def all_of(browser: ClientConnection) -> list[str | bytes]:
    return [message async for message in browser]


async def test_it_is_not_free_until_what_was_written_is_read() -> None:
    freed = asyncio.Event()
    outlets: list[bool] = []

    async def handle(browser: WebSocket) -> None:
        outlet = outlet_of(browser, freed.set)
        outlets.append(outlet.free)
        outlet.write(MUCH)
        outlets.append(outlet.free)
        await freed.wait()
        outlets.append(outlet.free)

    async with served(handle) as (host, port):
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(HANDSHAKE)
        await until(lambda: len(outlets) == 2)
        assert not freed.is_set()
        await reader.readexactly(len(MUCH))
        await until(lambda: len(outlets) == 3)
        writer.close()

    assert outlets == [True, False, True]


async def test_who_never_reads_is_hung_up_on() -> None:
    over = asyncio.Event()

    async def flood(browser: WebSocket) -> None:
        try:
            while True:
                await browser.send_bytes(MUCH)
        finally:
            over.set()

    async with served(flood, PING_S) as address:
        with socket.create_connection(address) as deaf:
            deaf.sendall(HANDSHAKE)
            await asyncio.wait_for(over.wait(), 5)
