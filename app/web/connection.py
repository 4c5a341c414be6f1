"""The connection under a WebSocket, as uvicorn serves it, with a shorter way in and out.

By ASGI each message goes through a queue and two tasks, and while one waits in the queue the socket
is not read. Of a live session's work that is the larger part. So whoever finds a Connection under
their WebSocket may have text handed over in the moment in which it comes, and write without waiting
(`app.web.outlets`); over any other server all goes by ASGI.
"""

from collections.abc import Callable
from typing import ClassVar, Self, cast

from starlette.types import Scope
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Request

EXTENSION = "coldboard.connection"


class Connection(WebSocketsSansIOProtocol):
    # Gets each text once it is set; until then, and for all else, there is the queue of ASGI.
    hear: Callable[[str], None] | None = None
    # Called when it can be written to again after it could not.
    on_free: Callable[[], None] | None = None
    # What was written last, and its frame: many readers get the same message one after the other.
    _latest: ClassVar[tuple[str | bytes, bytes]] = ("", b"")

    @classmethod
    def under(cls, scope: Scope) -> Self | None:
        found = scope.get("extensions", {}).get(EXTENSION)
        return found if isinstance(found, cls) else None

    @property
    def free(self) -> bool:
        return self.writable.is_set()

    def write(self, message: str | bytes) -> None:
        """Sends a message without waiting for those before it; nothing once it is closing."""
        if self.close_sent or self.disconnected or self.transport.is_closing():
            return
        latest, frame = Connection._latest
        if message is not latest:
            frame = framed(message)
            Connection._latest = message, frame
        self.transport.write(frame)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.on_free is not None:
            self.on_free()

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.handshake_complete:  # it was not refused
            extensions: dict[str, object] = {**self.scope["extensions"], EXTENSION: self}
            cast(Scope, self.scope)["extensions"] = extensions

    def send_receive_event_to_app(self) -> None:
        if self.hear is None or self.close_sent or self.curr_msg_data_type != "text":
            super().send_receive_event_to_app()
            return
        try:
            text = b"".join(self.frames).decode()
        except UnicodeDecodeError:
            super().send_receive_event_to_app()  # which closes the connection
            return
        self.frames = []
        self.hear(text)

    def keepalive_timeout(self) -> None:
        """A ping waits behind everything that was sent before: who does not read does not answer.
        To close such a connection politely would wait for them to read what is still to be
        written."""
        super().keepalive_timeout()
        self.transport.abort()


def framed(message: str | bytes) -> bytes:
    if isinstance(message, str):
        return Frame(Opcode.TEXT, message.encode()).serialize(mask=False)
    return Frame(Opcode.BINARY, message).serialize(mask=False)
