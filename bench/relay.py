"""The bare baseline in Python: every message goes to the others with the same address, and nowhere
else. Served by uvicorn with the options that Coldboard gives it."""

from collections import defaultdict

from fastapi import FastAPI, WebSocket, WebSocketDisconnect


def create_relay() -> FastAPI:
    app = FastAPI()
    rooms: defaultdict[str, set[WebSocket]] = defaultdict(set)

    @app.websocket("/{name}")
    async def relay(socket: WebSocket, name: str) -> None:
        await socket.accept()
        room = rooms[name]
        room.add(socket)
        try:
            while True:
                text = await socket.receive_text()
                for other in list(room):
                    if other is not socket:
                        await other.send_text(text)
        except WebSocketDisconnect:
            room.discard(socket)

    return app
