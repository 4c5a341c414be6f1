"""Static files under an address that holds their digest, so that they may be kept for ever.

The digest is part of the folder, not of each name: modules import each other by relative paths,
and a changed file gives every file a new address.
"""

import gzip
import hashlib
from pathlib import Path

from fastapi.staticfiles import StaticFiles
from starlette.datastructures import Headers
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
    """Files that never change at their address. What is worth compressing is compressed once."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory=directory)
        self._compressed: dict[str, tuple[bytes, dict[str, str]]] = {}

    async def get_response(self, path: str, scope: Scope) -> Response:
        asked = Headers(scope=scope)
        plain = scope["method"] != "GET" or "range" in asked or "if-none-match" in asked
        if plain or "gzip" not in asked.get("accept-encoding", ""):
            return _kept_for_ever(await super().get_response(path, scope))
        if path not in self._compressed:
            response = _kept_for_ever(await super().get_response(path, scope))
            if not _is_text(response):
                return response
            self._compressed[path] = _compressed(response, Path(self.lookup_path(path)[0]))
        body, headers = self._compressed[path]
        return Response(body, headers=headers)


def _kept_for_ever(response: Response) -> Response:
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _is_text(response: Response) -> bool:
    kind = response.headers.get("content-type", "")
    return response.status_code == 200 and kind.startswith(("text/", "image/svg+xml"))


def _compressed(response: Response, file: Path) -> tuple[bytes, dict[str, str]]:
    headers = dict(response.headers) | {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    del headers["content-length"]
    return gzip.compress(file.read_bytes(), mtime=0), headers
