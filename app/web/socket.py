"""The WebSocket of an attempt: events in, acknowledgements and the log out."""

import asyncio
from collections.abc import Awaitable
from functools import partial

from fastapi import APIRouter, WebSocket
from fastapi.websockets import WebSocketState
from sqlalchemy import Engine
from sqlmodel import Session

from app.errors import Forbidden, NotFound
from app.live.allowance import Allowance
from app.live.hub import Hub
from app.live.messages import MAX_MESSAGE_BYTES
from app.live.reader import Reader
from app.live.room import Room
from app.live.shelf import Shelf
from app.storage.attempts import find_attempt
from app.web.connection import Connection
from app.web.dependencies import HubDep, check_revealed, get_sealed
from app.web.outlets import outlet_of

router = APIRouter()

# Close codes: the browser stops trying after the first, and connects again after the others.
GONE = 4404
TOO_LARGE = 1009
TRY_AGAIN = 1012


@router.websocket("/a/{attempt_id}/socket")
async def record(
    socket: WebSocket, attempt_id: str, hub: HubDep, source: str = "", after: int = 0
) -> None:
    """`source`: what the page calls itself; `after`: the last event of the log that it has."""
    state = socket.app.state
    await socket.accept()
    try:
        await asyncio.to_thread(_check_readable, state.shelf, state.engine, attempt_id)
        room = await hub.open(attempt_id)
    except (NotFound, Forbidden):
        await socket.close(GONE)
        return
    await converse(socket, room, room.join(source, after), hub, attempt_id)


async def converse(
    socket: WebSocket, room: Room, reader: Reader, hub: Hub, attempt_id: str
) -> None:
    """Reads and writes the log until either side hangs up."""
    hanging_up = asyncio.create_task(hang_up(socket, reader.closed.wait()))
    reader.attach(outlet_of(socket, reader.turn))
    try:
        await _listen(socket, room, reader)
    finally:
        room.leave(reader)
        hanging_up.cancel()
        await asyncio.gather(hanging_up, return_exceptions=True)
        hub.close_if_idle(attempt_id)


async def hang_up(socket: WebSocket, after: Awaitable[object]) -> None:
    """Closes the socket once there is nothing more to send over it."""
    await after
    if socket.application_state is WebSocketState.CONNECTED:
        await socket.close(TRY_AGAIN)


def _check_readable(shelf: Shelf, engine: Engine, attempt_id: str) -> None:
    """The log of a guided attempt holds its hints, so an ended one is as closed as its page is
    while another attempt on the derivation runs. Raises NotFound and Forbidden."""
    # Not a dependency: that would hold a database connection for as long as the socket is open.
    with Session(engine) as session:
        row = find_attempt(session, attempt_id)
        if row.ended_at is not None:
            check_revealed(row, get_sealed(session, shelf.library(session)))


async def _listen(socket: WebSocket, room: Room, reader: Reader) -> None:
    hear = partial(room.receive, reader, Allowance(reader.role))
    if (connection := Connection.under(socket.scope)) is not None:
        # What has come before waits below, and nothing more is read until that is done.
        connection.hear = hear
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        text = message.get("text") or ""
        if len(text) > MAX_MESSAGE_BYTES:
            await socket.close(TOO_LARGE)
            return
        hear(text)
