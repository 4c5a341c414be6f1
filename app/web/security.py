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
FILE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PAGE_HEADERS = FILE_HEADERS | {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    # Not "no-referrer": with that, browsers send `Origin: null` with a form.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    # A page tells of a clock that goes on: the back button has to ask again.
    "Cache-Control": "no-store",
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
    """Adds the policy to every answer, error pages included.

    Static files get the headers that mean something for a file: on a first visit the others would
    make up a tenth of what is sent.
    """

    def __init__(self, app: ASGIApp, files: str) -> None:
        """`files`: the path below which static files lie."""
        self._app = app
        self._files = f"{files}/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        below_files = scope.get("path", "").startswith(self._files)

        async def send_with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                # A file that is not there is answered with a page.
                is_file = below_files and message["status"] < 400
                headers = FILE_HEADERS if is_file else PAGE_HEADERS
                MutableHeaders(scope=message).update(headers)
            await send(message)

        await self._app(scope, receive, send_with_headers)
