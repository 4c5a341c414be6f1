"""Whose server it is. With a key set, everything but live sessions is for whoever knows the key.

Without one, whoever reaches the server may use all of it, as on one's own machine. A server that
candidates reach should have one: the history and the study pages are not theirs to read.
"""

import hashlib
import hmac
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.requests import HTTPConnection
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import Invalid
from app.web.templating import render

COOKIE = "owner"
COOKIE_LASTS_S = 180 * 24 * 3600
# What others reach: each of these asks for a seat or a link of its own.
OPEN_PATHS = ("/healthz", "/owner")
GUEST_FOLDERS = ("/join/", "/s/", "/r/")
OPEN_FOLDERS = ("/static/", *GUEST_FOLDERS)

router = APIRouter()


class OwnerMiddleware:
    """Lets others reach live sessions alone."""

    def __init__(self, app: ASGIApp, key: str | None) -> None:
        self._app = app
        self._key = key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        is_owner = self._key is None or knows_key(HTTPConnection(scope), self._key)
        scope["state"]["is_owner"] = is_owner
        if is_owner or is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        refusal: Response = Response("This page is for the owner of this server.", 403)
        if scope["type"] == "http" and scope["method"] == "GET":
            refusal = RedirectResponse("/owner", status_code=303)
        await refusal(scope, receive, send)


def is_open(path: str) -> bool:
    return path in OPEN_PATHS or path.startswith(OPEN_FOLDERS)


def knows_key(connection: HTTPConnection, key: str) -> bool:
    return hmac.compare_digest(connection.cookies.get(COOKIE, ""), sign_of(key))


def sign_of(key: str) -> str:
    """What a browser keeps that was shown the key; the key does not follow from it."""
    return hmac.new(key.encode(), b"coldboard owner", hashlib.sha256).hexdigest()


def get_owner(connection: HTTPConnection) -> bool:
    return bool(connection.state.is_owner)


OwnerDep = Annotated[bool, Depends(get_owner)]


@router.get("/owner")
def ask(request: Request, owner: OwnerDep) -> Response:
    return RedirectResponse("/", status_code=303) if owner else page(request)


def page(request: Request) -> HTMLResponse:
    return render(request, "owner/page.html")


@router.post("/owner")
def show_key(request: Request, key: Annotated[str, Form()] = "") -> RedirectResponse:
    """Remembers a browser that was shown the key. Raises Invalid."""
    expected = request.app.state.owner_key
    if expected is not None and not hmac.compare_digest(key.encode(), expected.encode()):
        raise Invalid("That is not the key. It is what COLDBOARD_OWNER_KEY was set to.", "/owner")
    response = RedirectResponse("/", status_code=303)
    if expected is not None:
        response.set_cookie(
            COOKIE,
            sign_of(expected),
            max_age=COOKIE_LASTS_S,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
    return response
