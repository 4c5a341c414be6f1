"""What every answer and every request has to meet before a route sees it.

A page on another site can make a browser send requests here and open sockets here; neither shows
it the answer, but both would change things. So whatever changes something must come from a page of
our own: its Origin is the address that was asked. Requests without an Origin are refused too,
because every browser sends one with them.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class SameOriginMiddleware:
    """Refuses changes and sockets that another site's page asked for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        changes = scope["type"] == "websocket" or (
            scope["type"] == "http" and scope["method"] not in SAFE_METHODS
        )
        if changes and not is_same_origin(Headers(scope=scope)):
            refusal = PlainTextResponse(
                "Refused: this request did not come from a page of this server.", status_code=403
            )
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


def is_same_origin(headers: Headers) -> bool:
    """Whether Origin names the host that was asked. Host itself is checked before this."""
    try:
        asked_from = urlsplit(headers.get("origin", "")).netloc
    except ValueError:  # not an address at all, such as "http://["
        return False
    return asked_from == headers.get("host") != ""


class SecurityHeadersMiddleware:
    """Adds the policy to every answer, error pages included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers)
