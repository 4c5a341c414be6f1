"""The connection under a WebSocket, as uvicorn serves it, which ends what is dead."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol


class Connection(WebSocketsSansIOProtocol):
    """A ping waits behind everything that was sent before: who does not read does not answer. To
    close such a connection politely would wait for them to read what is still to be written."""

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.transport.abort()
