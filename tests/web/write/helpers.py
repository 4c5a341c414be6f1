"""What the tests of one's own derivations send and read."""

import re
import tomllib
from html import unescape
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from tests.web.helpers import MINE, text_of


def draft(**changes: Any) -> dict[str, Any]:
    return {**tomllib.loads(MINE), **changes}


def look_over(client: TestClient, **changes: Any) -> dict[str, Any]:
    response = client.post("/write/draft", json=draft(**changes))
    assert response.status_code == 200, response.text
    report: dict[str, Any] = response.json()
    return report


def save(client: TestClient, at: str = "new", **changes: Any) -> Response:
    return client.put(f"/write/{at}", json=draft(**changes))


def saved(client: TestClient, at: str = "new", **changes: Any) -> str:
    """The id of a derivation that was saved."""
    response = save(client, at, **changes)
    assert response.status_code == 200, response.text
    derivation_id: str = response.json()["id"]
    return derivation_id


def bring(client: TestClient, source: str = MINE) -> Response:
    return client.post("/write/import", data={"text": source})


def bring_file(client: TestClient, data: bytes, name: str = "half-square.toml") -> Response:
    return client.post("/write/import", files={"file": (name, data)})


def file_of(client: TestClient, derivation_id: str = "half-square") -> str:
    response = client.get(f"/write/{derivation_id}/file.toml")
    assert response.status_code == 200
    return response.text


def pasted(page: str) -> str:
    found = re.search(r'<textarea name="text"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found
    return unescape(found[1])


def problems(page: str) -> list[str]:
    listed = page.partition('<ul class="problems">')[2].partition("</ul>")[0]
    return [text_of(item) for item in re.findall(r"<li>(.*?)</li>", listed, re.DOTALL)]
