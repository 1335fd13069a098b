"""The pages over a long history in Chromium: `just bench history_browser [--home HOME]`.

Prints the seconds from the click (or the address) until what was asked for is shown, median and
best of eight; the first of each is left out, as the server and the browser's cache are cold then.
Without a home, one of 100,000 runs is loaded first.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

from tests.bench.big_history import loaded
from tests.conftest import LiveServer
from tests.e2e.conftest import CHROMIUM, FLAGS

TIMES = 8
RUNS = 100_000


def measured(name: str, take: Callable[[int], float], times: int = TIMES) -> None:
    took = [take(n) for n in range(times + 1)][1:]
    print(
        f"  {name:<28} median {statistics.median(took):.2f} s, best {min(took):.2f} s", flush=True
    )


def opened(page: Page, url: str, selector: str) -> float:
    started = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.locator(selector).first.wait_for(timeout=60_000)
    return time.perf_counter() - started


def changed(page: Page, act: Callable[[], None]) -> float:
    """Until the line over the list says something else."""
    count = page.locator(".fm-count")
    before = count.inner_text()
    started = time.perf_counter()
    act()
    page.wait_for_function(
        """(before) => {
            const find = (root) => {
                const hit = root.querySelector(".fm-count")
                if (hit) { return hit }
                for (const e of root.querySelectorAll("*")) {
                    if (e.shadowRoot) { const deep = find(e.shadowRoot); if (deep) { return deep } }
                }
            }
            const hit = find(document)
            return hit && hit.innerText !== before
        }""",
        arg=before,
        polling=10,
    )
    return time.perf_counter() - started


def look(home: Path) -> None:
    server = LiveServer(home)
    memory = psutil.Process(server.process.pid)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            _walk(page, f"{server.url}/experiments")
            print(f"  memory of the server: {memory.memory_info().rss / 1024**2:.0f} MB")
    finally:
        server.kill()


def _walk(page: Page, url: str) -> None:
    measured("open the page", lambda n: opened(page, url, ".fm-run-line"))
    status = page.locator(".fm-filter-status select")
    options = ("failed", "finished")
    measured("filter", lambda n: changed(page, lambda: _none(status.select_option(options[n % 2]))))
    search = page.locator("input.fm-search")
    measured(
        "search, 0.25 s of pause in it",
        lambda n: changed(page, lambda: search.fill("study 99" if n % 2 == 0 else "study 12")),
    )
    opened(page, url, ".fm-run-line")
    measured("next page", lambda n: changed(page, page.locator(".fm-page-next").click))
    opened(page, url, ".fm-run-line")
    page.locator(".fm-pick").nth(0).click()
    page.locator(".fm-beside").wait_for()
    measured("compare a second one", lambda n: _picked(page, n))
    link = page.locator(".fm-run-link").first.get_attribute("href")
    run = f"{url.rsplit('/', 1)[0]}/{str(link).lstrip('/')}"
    measured("leaderboard of a run", lambda n: opened(page, run, ".fm-leaderboard tbody tr"))


def _picked(page: Page, n: int) -> float:
    started = time.perf_counter()
    page.locator(".fm-pick").nth(n + 1).click()
    page.locator(".fm-beside thead a").first.wait_for()
    took = time.perf_counter() - started
    page.locator(".fm-unpick").last.click()
    page.locator(".fm-beside table").wait_for(state="detached")
    return took


def _none(_: object) -> None:
    return None


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, default=None)
    options = parser.parse_args()
    print(f"{psutil.cpu_count()} cores, load {psutil.getloadavg()[0]:.1f} at the start")
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder) / "home"
        if options.home is None:
            loaded(home, RUNS)
        look(home)
    print(f"load {psutil.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
