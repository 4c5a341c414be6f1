"""Which Chromium the browser tests drive, and how it is started."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

# The first has no windows to draw: a page costs it two thirds of the processor time.
CANDIDATES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)

# Chromium takes the last list of these alone, so what Playwright switches off is said again.
DISABLED_FEATURES = [
    # Each window of a new context prepares two pages for the address bar, and each visit a process
    # for the next one: more work than most of our pages are.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "SpareRendererForSitePerProcess",
    # From Playwright's list.
    "AimEnabled",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
]

# --no-sandbox: containers run as root; the rest keeps Chromium from calling home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(DISABLED_FEATURES)}",
]


def installed_chromium() -> str | None:
    """Path of the Chromium to drive: COLDBOARD_TEST_CHROMIUM, else the first installed one.

    None leaves the choice to Playwright, which then uses a browser of its own.
    """
    named = os.environ.get("COLDBOARD_TEST_CHROMIUM")
    if named:
        return named
    found = (shutil.which(name) for name in CANDIDATES)
    return next((path for path in found if path), None)


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=installed_chromium(), args=ARGUMENTS)
