from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.web.static import FOLDER, digest, static_url


def test_a_file_is_kept_for_ever_under_its_address(client: TestClient) -> None:
    response = client.get(static_url("css/base.css"))

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Content-Type"].startswith("text/css")


def test_a_missing_file_is_not_kept(client: TestClient) -> None:
    answer = client.get(static_url("css/nothing.css"))

    assert answer.status_code == 404
    assert client.get(static_url("css/nothing.css")).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["css/base.css", "vendor/katex/katex.min.js", "icon.svg"])
def test_text_is_sent_compressed_and_says_so(client: TestClient, path: str) -> None:
    bare = client.get(static_url(path), headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in bare.headers

    for _ in range(2):
        answer = client.get(static_url(path))
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert int(answer.headers["Content-Length"]) < len(bare.content)
        assert answer.content == bare.content == (FOLDER / path).read_bytes()
        assert answer.headers["ETag"] == bare.headers["ETag"]


def test_what_a_browser_has_is_not_sent_again(client: TestClient) -> None:
    address = static_url("css/base.css")
    known = {"If-None-Match": client.get(address).headers["ETag"]}

    assert client.get(address, headers=known).status_code == 304
    assert client.head(address).content == b""


def test_fonts_are_sent_as_they_are(client: TestClient) -> None:
    font = next(FOLDER.glob("vendor/**/*.woff2")).relative_to(FOLDER).as_posix()

    assert "Content-Encoding" not in client.get(static_url(font)).headers


def test_modules_are_served_as_modules(client: TestClient) -> None:
    response = client.get(static_url("js/site.js"))

    assert response.headers["Content-Type"].startswith("text/javascript")


def test_the_address_changes_with_every_change(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "a.js").write_text("1")
    addresses = [digest(tmp_path)]

    (tmp_path / "js" / "a.js").write_text("2")
    addresses.append(digest(tmp_path))
    (tmp_path / "js" / "a.js").rename(tmp_path / "js" / "b.js")
    addresses.append(digest(tmp_path))

    assert len(set(addresses)) == 3


def test_every_file_that_a_page_names_is_there(client: TestClient) -> None:
    for url in ("/", "/history", "/gotchas", "/d/ols/try", "/nowhere"):
        page = client.get(url).text
        for part in page.split('"'):
            if part.startswith("/static/"):
                assert client.get(part).status_code == 200, (url, part)
