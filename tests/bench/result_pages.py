"""The pages of a result over many rows in Chromium: `just bench result_pages [--rows 100000]`.

Trains two models on ROWS rows (a fifth of them held out), then prints the seconds from the address
until what was asked for is shown: median and best of five, after a first one that is left out, as
the server and the browser's cache are cold then. Beside them the floor: the home page, which
shows no data.
"""

from __future__ import annotations

import argparse
import csv
import random
import tempfile
import time
from pathlib import Path

import httpx
import psutil
from playwright.sync_api import Page, sync_playwright

from tests.bench.history_browser import measured, opened
from tests.conftest import LiveServer
from tests.e2e.conftest import CHROMIUM, FLAGS
from tests.integration.conftest import trained

TIMES = 5


def write_table(path: Path, rows: int) -> None:
    pick = random.Random(5)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*(f"n{i}" for i in range(8)), "city", "leaves"])
        for _ in range(rows):
            values = [round(pick.gauss(0, 1), 3) for _ in range(8)]
            chance = values[0] + 0.5 * values[1] * values[2] + pick.gauss(0, 1)
            city = pick.choice(["Recife", "Natal", "Belém"])
            writer.writerow([*values, city, "yes" if chance > 0.8 else "no"])


def prepared(api: httpx.Client, rows: int) -> list[str]:
    """The names of two runs on the same rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        write_table(path, rows)
        answer = api.put("/api/v1/datasets", params={"name": "rows"}, content=path.read_bytes())
    dataset = answer.json()["dataset"]
    return [str(trained(api, dataset, "leaves", seed=s)["run"]) for s in (1, 2)]


def look(server: LiveServer, page: Page, runs: list[str]) -> None:
    one = f"{server.url}/run?id={runs[0]}"
    both = f"{server.url}/compare?runs={','.join(runs)}"
    asked = {
        "home page (the floor)": (f"{server.url}/home", "h1"),
        "run: sentence and board": (one, ".fm-leaderboard tbody tr"),
        "run: the first plot": (one, ".fm-plots canvas"),
        "compare: who is ahead": (both, ".fm-verdict"),
        "compare: the curves": (both, ".fm-overlay canvas"),
    }
    for name, (url, selector) in asked.items():
        measured(name, lambda _, url=url, selector=selector: opened(page, url, selector), TIMES)
    with server.client() as api:

        def report(_: int) -> float:
            started = time.perf_counter()
            assert api.get(f"/api/v1/runs/{runs[0]}/report").status_code == 200
            return time.perf_counter() - started

        print(f"  report, the first            {report(0):.2f} s", flush=True)
        measured("report, again", report, TIMES)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    options = parser.parse_args()
    print(f"{psutil.cpu_count()} cores, load {psutil.getloadavg()[0]:.1f} at the start")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = LiveServer(Path(folder) / "home")
        try:
            with server.client(headers={"Accept-Language": "en"}) as api:
                runs = prepared(api, options.rows)
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
            look(server, browser.new_page(viewport={"width": 1440, "height": 900}), runs)
        finally:
            server.kill()
    print(f"load {psutil.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
