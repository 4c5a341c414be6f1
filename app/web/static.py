"""Static files under an address that holds their digest, so that they may be kept for ever.

The digest is part of the folder, not of each name: modules import each other by relative paths,
and a changed file gives every file a new address.
"""

import hashlib
from pathlib import Path

from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import Scope

from app.settings import ROOT

FOLDER = ROOT / "static"


def digest(folder: Path) -> str:
    sums = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            sums.update(str(path.relative_to(folder)).encode())
            sums.update(path.read_bytes())
    return sums.hexdigest()[:12]


MOUNT = f"/static/{digest(FOLDER)}"


def static_url(path: str) -> str:
    return f"{MOUNT}/{path}"


class LastingFiles(StaticFiles):
    """Files that never change at their address."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
