"""A replica in an environment that has the extra `serve` and nothing else.

`uv run --group test python -m tests.bench.replica BUNDLE`: builds the wheel, installs it without
its dependencies beside those of `serve`, starts it ten times, and prints how long it takes until
it answers, what it weighs in memory, and what the environment weighs on the disk.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from freemlops.services.container import serve_requirements

ROOT = Path(__file__).parent.parent.parent
TIMES = 10
PORT = 5391


def environment(folder: Path) -> Path:
    """Its Python."""
    venv, wheels = folder / "venv", folder / "wheels"
    needs = folder / "requirements.txt"
    needs.write_text(serve_requirements())
    run = ["uv", "--quiet"]
    subprocess.run([*run, "venv", "--python", sys.executable, str(venv)], check=True)
    subprocess.run([*run, "build", "--wheel", "-o", str(wheels), str(ROOT)], check=True)
    env = {**os.environ, "VIRTUAL_ENV": str(venv), "UV_LINK_MODE": "copy"}
    wheel = next(wheels.glob("*.whl"))
    for what in (["-r", str(needs)], [str(wheel)]):
        subprocess.run([*run, "pip", "install", "--no-deps", *what], check=True, env=env)
    return venv / "bin" / "python"


def started(python: Path, bundle: Path) -> tuple[float, float, subprocess.Popen[bytes]]:
    """Seconds until `/readyz` is 200, resident megabytes then, and the process."""
    command = [str(python), "-m", "freemlops", "serve-model", str(bundle), "--port", str(PORT)]
    begun = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd="/")
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=1).read()
            break
        except (urllib.error.URLError, ConnectionError):
            if process.poll() is not None:
                raise SystemExit("it did not start") from None
            time.sleep(0.01)
    return time.perf_counter() - begun, memory_mb(process), process


def memory_mb(process: subprocess.Popen[bytes]) -> float:
    text = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024  # type: ignore[index]


def main() -> None:
    bundle = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as temporary:
        python = environment(Path(temporary))
        size = subprocess.run(
            ["du", "-sm", str(python.parent.parent)], capture_output=True, text=True, check=True
        ).stdout.split()[0]
        took, weighs = [], []
        for _ in range(TIMES):
            seconds, megabytes, process = started(python, bundle)
            took.append(seconds)
            weighs.append(megabytes)
            process.terminate()
            process.wait()
        made = {
            "start_s": {"first": took[0], "median": statistics.median(took[1:])},
            "rss_mb": max(weighs),
            "installed_mb": int(size),
        }
        print(json.dumps(made, indent=1))


if __name__ == "__main__":
    main()
