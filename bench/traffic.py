"""What a page of Chromium fetched, as the browser itself counts it."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession, Page

# After this long without a request nothing more is coming: formulas ask late for their fonts.
QUIET_MS = 500
LOOK_EVERY_MS = 100
LONGEST_LOOKS = 100


@dataclass(slots=True)
class Request:
    """`size`: bytes on the wire, headers of the answer included; 0 when it came from the cache."""

    url: str
    type: str
    size: int = 0
    cached: bool = False
    compressed: bool = False
    finished: bool = False


class Traffic:
    """The requests of a page from now on; a page is listened to before it goes anywhere."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._requests: dict[str, Request] = {}
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.cdp.on("Network.requestWillBeSent", self._sent)
        self.cdp.on("Network.requestServedFromCache", self._from_memory)
        self.cdp.on("Network.responseReceived", self._answered)
        self.cdp.on("Network.loadingFinished", self._finished)
        self.cdp.send("Network.enable")

    def wait_until_quiet(self) -> list[Request]:
        """Everything that was fetched. Raises TimeoutError when requests do not cease."""
        known, quiet_ms = -1, 0
        for _ in range(LONGEST_LOOKS):
            self._page.wait_for_timeout(LOOK_EVERY_MS)
            requests = list(self._requests.values())
            at_rest = len(requests) == known and all(request.finished for request in requests)
            known, quiet_ms = len(requests), quiet_ms + LOOK_EVERY_MS if at_rest else 0
            if quiet_ms >= QUIET_MS:
                return requests
        raise TimeoutError("the page goes on fetching")

    def _sent(self, message: dict[str, Any]) -> None:
        url, type_ = message["request"]["url"], message.get("type", "Other")
        if url.startswith("http"):
            self._requests[message["requestId"]] = Request(url, type_)

    def _from_memory(self, message: dict[str, Any]) -> None:
        if request := self._requests.get(message["requestId"]):
            request.cached = True

    def _answered(self, message: dict[str, Any]) -> None:
        if request := self._requests.get(message["requestId"]):
            answer = message["response"]
            request.cached = request.cached or bool(answer.get("fromDiskCache"))
            headers = {name.lower(): value for name, value in answer["headers"].items()}
            request.compressed = "content-encoding" in headers

    def _finished(self, message: dict[str, Any]) -> None:
        if request := self._requests.get(message["requestId"]):
            request.finished = True
            request.size = 0 if request.cached else int(message["encodedDataLength"])
