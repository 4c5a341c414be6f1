"""Wires the application: settings, database, library, hub, routes."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from app.library.examples import FILE_NAME, Topic, load_examples
from app.library.loader import load_library
from app.library.reading import Broken
from app.live.bus import bus_for
from app.live.circle import Circles
from app.live.clearing import keep_clear
from app.live.hub import Hub
from app.live.rights import Rights
from app.live.shelf import Shelf
from app.settings import Settings, read_settings
from app.storage.database import open_database
from app.web import (
    anki,
    api,
    attempts,
    checker_page,
    compare,
    drill,
    errors,
    gotchas,
    history,
    home,
    keep,
    ladder,
    live,
    owner,
    progress,
    review,
    settings_page,
    socket,
    study,
    write,
)
from app.web.checker_page import CheckedExamples
from app.web.checking import CheckingThread
from app.web.owner import OwnerMiddleware
from app.web.security import SameOriginMiddleware, SecurityHeadersMiddleware
from app.web.static import FOLDER, MOUNT, LastingFiles

# A route that takes more says so itself.
MAX_BODY_BYTES = 128 * 1024

PAGES = (
    home,
    attempts,
    review,
    compare,
    history,
    progress,
    study,
    ladder,
    drill,
    gotchas,
    anki,
    write,
    keep,
    live,
    owner,
    checker_page,
    settings_page,
    api,
    socket,
)

logger = logging.getLogger(__name__)


def wall_clock_ms() -> int:
    return time.time_ns() // 1_000_000


def _topics(settings: Settings) -> tuple[Topic, ...]:
    try:
        return load_examples(settings.content_folder)
    except Broken as broken:
        for problem in broken.problems:
            logger.error("content: %s: %s", FILE_NAME, problem)
        return ()


def create_app(
    settings: Settings | None = None,
    now: Callable[[], int] = wall_clock_ms,
    started: Callable[[], None] = lambda: None,
) -> FastAPI:
    """The application; `now` gives the server's time in milliseconds since 1970, `started` is
    called when everything has been read."""
    settings = settings or read_settings()

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine = open_database(settings.database_url)
        library = load_library(settings.content_folder, settings.own_folder)
        for problem in library.errors:
            logger.error("content: %s", problem)
        app.state.engine, app.state.now = engine, now
        app.state.owner_key = settings.owner_key
        app.state.shelf = shelf = Shelf(library)
        app.state.bus = bus = bus_for(engine)
        app.state.hub = hub = Hub(engine, shelf, now, bus)
        app.state.checking = CheckingThread()
        app.state.examples = CheckedExamples(_topics(settings), library)
        app.state.circles = circles = Circles(bus, now)
        app.state.rights = Rights(engine, hub, circles)
        running = (hub.run(), circles.run(), bus.run(), keep_clear(engine, now))
        tasks = [asyncio.create_task(one) for one in running]
        started()
        yield
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        app.state.checking.close()
        engine.dispose()

    app = FastAPI(
        title="Coldboard",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        middleware=[
            Middleware(SecurityHeadersMiddleware, MOUNT),
            Middleware(TrustedHostMiddleware, settings.allowed_hosts, www_redirect=False),
            Middleware(SameOriginMiddleware),
            Middleware(OwnerMiddleware, settings.owner_key),
            Middleware(RequestBodyLimitMiddleware, MAX_BODY_BYTES),
            Middleware(GZipMiddleware, minimum_size=500),
        ],
    )
    app.mount(MOUNT, LastingFiles(directory=FOLDER), name="static")
    # Taken over as they are: included, each would be built anew when it is first asked for.
    for router in (*(module.router for module in PAGES), write.json_router):
        app.router.routes.extend(router.routes)
    errors.install(app)
    return app
