"""A real Chromium that may reach this machine only; everything else is blocked and counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tests.conftest import api, server
from tests.integration.conftest import bundle, bundle_file, endpoint, loans, run

# A server of their own with one of everything: what is clicked here changes no other test's.
__all__ = ["api", "bundle", "bundle_file", "endpoint", "loans", "run", "server"]

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
    "--proxy-server=http://127.0.0.1:9",  # nobody is there, and this machine needs none
]  # fmt: skip
HERE = ("127.0.0.1", "localhost")


@dataclass
class Tab:
    """A page, and what it did that it should not have."""

    page: Page
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def assert_clean(self) -> None:
        """No request left the machine, nothing was written to the console as an error."""
        assert self.outside == []
        assert self.errors == []


type OpenTab = Callable[..., Tab]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    assert CHROMIUM.exists(), "the browser tests need Debian's chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield made
        made.close()


@pytest.fixture
def open_tab(browser: Browser) -> Iterator[OpenTab]:
    contexts: list[BrowserContext] = []

    def open_one(
        locale: str = "en-US", dark: bool = False, width: int = 1440, height: int = 900
    ) -> Tab:
        context = browser.new_context(
            locale=locale,
            color_scheme="dark" if dark else "light",
            viewport={"width": width, "height": height},
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        tab = Tab(context.new_page())

        def seen(request: Request) -> None:
            asked = urlsplit(request.url)
            if asked.scheme in ("http", "https") and asked.hostname not in HERE:
                tab.outside.append(request.url)

        context.on("request", seen)  # of pages that it opens, too
        tab.page.on("console", lambda m: tab.errors.append(m.text) if m.type == "error" else None)
        tab.page.on("pageerror", lambda error: tab.errors.append(str(error)))
        return tab

    yield open_one
    for context in contexts:
        context.close()
