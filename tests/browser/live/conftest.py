"""Browsers of other people, which go when the test is over."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.live_server import LiveServer

Another = Callable[..., BrowserContext]


@pytest.fixture
def page(own_page: Page) -> Page:
    return own_page


@pytest.fixture
def another(chromium: Browser, server: LiveServer) -> Iterator[Another]:
    """A browser that knows nothing of the others; as many as are asked for."""
    contexts: list[BrowserContext] = []

    def open_one(**how: Any) -> BrowserContext:
        contexts.append(chromium.new_context(base_url=server.origin, **how))
        return contexts[-1]

    yield open_one
    for context in contexts:
        context.close()
