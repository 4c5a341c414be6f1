"""A connection whose other end does not read is given up, whatever is still to be written."""

import asyncio
import socket

import pytest
import uvicorn
from fastapi import FastAPI, WebSocket

from app.web.connection import Connection
from tests.helpers import until

pytestmark = pytest.mark.anyio

PING_S = 0.01
HANDSHAKE = (
    b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


async def test_who_never_reads_is_hung_up_on() -> None:
    over = asyncio.Event()
    app = FastAPI()

    @app.websocket("/")
    async def flood(browser: WebSocket) -> None:
        await browser.accept()
        try:
            while True:
                # More than the system takes, so that this waits for the browser.
                await browser.send_bytes(bytes(1_000_000))
        finally:
            over.set()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                ws=Connection,
                log_level="warning",
                lifespan="off",
                ws_ping_interval=PING_S,
                ws_ping_timeout=PING_S,
            )
        )
        serving = asyncio.create_task(server.serve([listening]))
        await until(lambda: server.started)
        with socket.create_connection(listening.getsockname()) as deaf:
            deaf.sendall(HANDSHAKE)
            await asyncio.wait_for(over.wait(), 5)
        server.should_exit = True
        await serving
    assert not server.server_state.connections
