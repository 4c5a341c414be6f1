"""The connection under a WebSocket, as uvicorn serves it, with a shorter way in and out.

By ASGI each message goes through a queue and two tasks, and while one waits in the queue the socket
is not read. Of a live session's work that is the larger part. So whoever finds a Connection under
their WebSocket may have text handed over in the moment in which it comes, and write without waiting
(`app.web.outlets`); over any other server all goes by ASGI.

Almost all that comes and goes is a short text in one frame. Such a frame is read and made here, for
a fraction of what the general parser takes; everything else goes through that.
"""

import struct
from collections.abc import Callable
from types import CodeType, GeneratorType
from typing import ClassVar, Self, cast

from starlette.types import Scope
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request
from websockets.protocol import Protocol
from websockets.streams import StreamReader

try:
    from websockets.speedups import apply_mask
except ImportError:  # it is not compiled everywhere
    from websockets.utils import apply_mask

EXTENSION = "coldboard.connection"

# RFC 6455, section 5.2: what a frame begins with that is a message by itself. The second byte holds
# the size, and whether the rest is masked, as all is that comes from a browser; larger sizes follow
# in 2 or in 8 bytes.
WHOLE_TEXT, WHOLE_BINARY = 0x81, 0x82
MASKED = 0x80
IN_TWO_BYTES, IN_EIGHT_BYTES = 126, 127
MASK_BYTES = 4


class Connection(WebSocketsSansIOProtocol):
    # Whether it takes a message now.
    free = True
    # Gets each text once it is set; until then, and for all else, there is the queue of ASGI.
    hear: Callable[[str], None] | None = None
    # Called when it can be written to again after it could not.
    on_free: Callable[[], None] | None = None
    # Whether the general parser has begun to read a message of which more is to come.
    _begun = True
    # What was written last, and its frame: many readers get the same message one after the other.
    _latest: ClassVar[tuple[str | bytes, bytes]] = ("", b"")

    @classmethod
    def under(cls, scope: Scope) -> Self | None:
        found = scope.get("extensions", {}).get(EXTENSION)
        return found if isinstance(found, cls) else None

    def write(self, message: str | bytes) -> None:
        """Sends a message without waiting for those before it; nothing once it is closing."""
        if self.close_sent or self.disconnected or self.transport.is_closing():
            return
        latest, frame = Connection._latest
        if message is not latest:
            frame = framed(message)
            Connection._latest = message, frame
        self.transport.write(frame)

    def pause_writing(self) -> None:
        super().pause_writing()
        self.free = False

    def resume_writing(self) -> None:
        super().resume_writing()
        self.free = True
        if self.on_free is not None:
            self.on_free()

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.handshake_complete:  # it was not refused
            extensions: dict[str, object] = {**self.scope["extensions"], EXTENSION: self}
            cast(Scope, self.scope)["extensions"] = extensions

    def data_received(self, data: bytes) -> None:
        at = 0
        if self.hear is not None and not self._begun and not self.close_sent:
            while (found := whole_text(data, at)) is not None:
                text, at = found
                self.hear(text)
        if at < len(data):
            super().data_received(data[at:])
            self._begun = not between_messages(self.conn)

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


def between_messages(conn: Protocol) -> bool:
    """Whether its parser has read all of whatever it has begun to read."""
    # Only where a frame may begin does it ask whether there is anything more.
    return innermost_code(conn.parser) is StreamReader.at_eof.__code__ and conn.current_size is None


def innermost_code(waiting: object) -> CodeType | None:
    """Of generators that wait for one another, the code of the one that waits for none."""
    code = None
    while isinstance(waiting, GeneratorType):
        code, waiting = waiting.gi_code, waiting.gi_yieldfrom
    return code


def whole_text(data: bytes, at: int) -> tuple[str, int] | None:
    """The text in the frame that begins there, and where the next frame does; None if the frame is
    not a text by itself, or not all there."""
    start = at + 2 + MASK_BYTES
    if len(data) < start or data[at] != WHOLE_TEXT:
        return None
    size = data[at + 1] - MASKED
    if size == IN_TWO_BYTES:
        size = int.from_bytes(data[at + 2 : at + 4])
        start += 2
    elif not 0 <= size < IN_TWO_BYTES:
        return None
    end = start + size
    if len(data) < end:
        return None
    try:
        return apply_mask(data[start:end], data[start - MASK_BYTES : start]).decode(), end
    except UnicodeDecodeError:
        return None


def framed(message: str | bytes) -> bytes:
    if isinstance(message, str):
        kind, payload = WHOLE_TEXT, message.encode()
    else:
        kind, payload = WHOLE_BINARY, message
    size = len(payload)
    if size < IN_TWO_BYTES:
        return struct.pack("!BB", kind, size) + payload
    if size < 1 << 16:
        return struct.pack("!BBH", kind, IN_TWO_BYTES, size) + payload
    return struct.pack("!BBQ", kind, IN_EIGHT_BYTES, size) + payload
