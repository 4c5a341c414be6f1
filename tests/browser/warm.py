"""Does once what each server would do anew: servers are forks of the process that imports this.

FastAPI looks into the routes and Jinja into the templates when they are first asked for; checkers
are made, and the examples judged, when somebody first looks.
"""

import asyncio
import gc
import tempfile
from pathlib import Path

import httpx2

from app import main
from tests.browser.serve import application

PAGES = ("/", "/d/ols", "/d/ols/try", "/checker", "/history", "/settings", "/drill/gotchas")


async def visit(database: Path) -> None:
    app = application(f"sqlite:///{database}", now=main.wall_clock_ms)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1"
        ) as client,
    ):
        for path in PAGES:
            (await client.get(path)).raise_for_status()


with tempfile.TemporaryDirectory() as folder:
    asyncio.run(visit(Path(folder) / "warm.sqlite3"))

# What is here stays: a fork that looks through it for rubbish would copy it.
gc.freeze()
