"""The way out to a page: over our own connection, or over whatever ASGI server there is."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from fastapi import WebSocket, WebSocketDisconnect
from fastapi.websockets import WebSocketState

from app.live.reader import Outlet
from app.web.connection import Connection


def outlet_of(socket: WebSocket, on_free: Callable[[], None]) -> Outlet:
    """`on_free` is called whenever a message can be written again after it could not."""
    connection = Connection.under(socket.scope)
    if connection is None:
        return AsgiOutlet(socket, on_free)
    connection.on_free = on_free
    return connection


class AsgiOutlet:
    """One message after the other, each once the server has taken the last."""

    def __init__(self, socket: WebSocket, on_free: Callable[[], None]) -> None:
        self._socket = socket
        self._on_free = on_free
        self._sending: asyncio.Task[None] | None = None

    @property
    def free(self) -> bool:
        is_open = self._socket.application_state is WebSocketState.CONNECTED
        return is_open and self._sending is None

    def write(self, message: str | bytes) -> None:
        self._sending = asyncio.create_task(self._send(message))

    async def _send(self, message: str | bytes) -> None:
        with suppress(WebSocketDisconnect):  # whoever reads hears of it too
            if isinstance(message, str):
                await self._socket.send_text(message)
            else:
                await self._socket.send_bytes(message)
        self._sending = None
        self._on_free()
