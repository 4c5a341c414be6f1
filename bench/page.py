"""Weight of the practice page, and when it can be written on: `python -m bench.page`.

A real Chromium opens an attempt of a `coldboard serve` of its own: first with an empty cache, then
another attempt with what the first left there. Bytes are those on the wire, answer headers included,
as the browser counts them. Times count from the start of the navigation, the median of a few visits.
"""

import statistics
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from bench.server import Server, coldboard, load_average
from tests.browser.chromium import launch

DERIVATION = "ols"
VISITS = 3
MOST_BYTES = 250_000
WAIT_MS = 20_000
# After this long without a request nothing more is coming: formulas ask late for their fonts.
QUIET_MS = 500
TYPES = ("Document", "Stylesheet", "Script", "Font", "Other")
# A line as people at home have it; the addresses of this machine itself answer at once.
LINE = {"offline": False, "latency": 40, "downloadThroughput": 1.25e6, "uploadThroughput": 1.25e6}

NOTE_RUNNING = """() => {
  new MutationObserver((_, observer) => {
    if (document.body?.dataset.phase !== "running") return;
    window.runningAt = performance.now();
    observer.disconnect();
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-phase"] });
}"""
INK_SEEN = """() => [...document.querySelectorAll(".board canvas")].some((canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.some((value, i) => i % 4 === 3 && value > 127);
})"""
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"
