"""A WebSocket for loads: as little work as possible beside what is measured.

It takes whole messages apart and puts them together, and knows nothing of extensions or of what is
split into several frames: servers of this folder send neither.
"""

import asyncio
import os
import socket
import struct
from base64 import b64encode
from collections.abc import Callable, Sequence

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
OPENS_IN_S = 10


class Wire(asyncio.Protocol):
    """`received` counts the bytes of messages, frames included; `closed` is set when it is over."""

    def __init__(self, hear: Callable[[bytes], None]) -> None:
        self._hear = hear
        self._buffer = bytearray()
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None
        self.received = 0
        self.closed = asyncio.Event()

    def send(self, message: bytes, opcode: int = TEXT) -> None:
        assert self._transport is not None
        self._transport.write(framed(message, opcode))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set()
        if not self._opened.done():
            self._opened.set_exception(exc or ConnectionError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._opened.done() and not self._greeted():
            return
        self.received += len(data)
        while (whole := first_frame(self._buffer)) is not None:
            opcode, start, end = whole
            payload = bytes(self._buffer[start:end])
            del self._buffer[:end]
            if opcode in (TEXT, BINARY):
                self._hear(payload)
            elif opcode == PING:
                self.send(payload, PONG)
            elif opcode == CLOSE:
                self.close()

    def _greeted(self) -> bool:
        head, found, rest = bytes(self._buffer).partition(b"\r\n\r\n")
        if not found:
            return False
        status = head.split(b"\r\n", 1)[0]
        if b" 101 " not in status:
            self._opened.set_exception(ConnectionError(status.decode()))
            return False
        self._buffer = bytearray(rest)
        self._opened.set_result(None)
        return True

    async def open(self, host: str, port: int, path: str) -> None:
        self.send_head(host, port, path)
        await asyncio.wait_for(self._opened, OPENS_IN_S)

    def send_head(self, host: str, port: int, path: str) -> None:
        assert self._transport is not None
        self._transport.write(handshake(host, port, path))


async def connect(host: str, port: int, path: str, hear: Callable[[bytes], None]) -> Wire:
    loop = asyncio.get_running_loop()
    _, wire = await loop.create_connection(lambda: Wire(hear), host, port)
    await wire.open(host, port, path)
    return wire


async def connect_deaf(
    host: str, port: int, path: str, opening: Sequence[tuple[bytes, int]]
) -> socket.socket:
    """A connection of somebody who never reads, with no more room than the system insists on."""
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    deaf.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(deaf, (host, port))
    said = [framed(message, opcode) for message, opcode in opening]
    await loop.sock_sendall(deaf, handshake(host, port, path) + b"".join(said))
    return deaf


def handshake(host: str, port: int, path: str) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: http://{host}:{port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {b64encode(os.urandom(16)).decode()}\r\n\r\n"
    ).encode()


def framed(message: bytes, opcode: int) -> bytes:
    """A client has to mask what it sends; a mask of zeros changes nothing."""
    size = len(message)
    if size < 126:
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | size)
    elif size < 65_536:
        head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 0x80 | 127, size)
    return head + bytes(4) + message


def first_frame(buffer: bytearray) -> tuple[int, int, int] | None:
    """Opcode, and where the payload starts and ends; None while it is not there as a whole.

    >>> first_frame(bytearray(b"\\x81\\x02hi and more"))
    (1, 2, 4)
    """
    if len(buffer) < 2:
        return None
    start, size = 2, buffer[1] & 0x7F
    if size >= 126:
        start = 4 if size == 126 else 10
        if len(buffer) < start:
            return None
        size = int.from_bytes(buffer[2:start])
    end = start + size
    return (buffer[0] & 0x0F, start, end) if len(buffer) >= end else None
