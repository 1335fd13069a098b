"""`freemlops serve-model` in a process of its own."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx

from tests.conftest import ROOT, free_environment

READY = re.compile(r"(http://[\w.:\[\]-]+)")
HEAVY = (
    "flaml", "lightgbm", "xgboost", "sklearn", "scipy", "panel", "bokeh", "holoviews", "duckdb",
    "polars", "pandas", "pyarrow", "onnx", "skl2onnx", "onnxmltools", "litestar", "joblib",
    "httpx", "psutil", "platformdirs", "argon2", "rich", "dask", "distributed",
)  # fmt: skip
"""What a replica must do without."""
WITHOUT = f"""
import sys
class Without:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in {HEAVY!r}:
            raise ModuleNotFoundError(f'blocked: {{name}}', name=name)
sys.meta_path.insert(0, Without())
from freemlops.cli import main
main(sys.argv[1:])
"""


class LiveReplica:
    """Started without the heavy libraries: importing one of them fails."""

    def __init__(
        self, target: str | Path, *arguments: str, cwd: Path = ROOT, ready: bool = True, **env: str
    ) -> None:
        self.begun = time.monotonic()
        command = [sys.executable, "-c", WITHOUT, "serve-model", str(target), "--port", "0"]
        self.process = subprocess.Popen(
            [*command, "--lang", "en", *arguments], cwd=cwd, env=free_environment(**env),
            stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        self.lines: list[str] = []
        self._ready = threading.Event()
        self.url = ""
        threading.Thread(target=self._read, daemon=True).start()
        if ready and (not self._ready.wait(60) or not self.url):
            self.kill()
            raise AssertionError("the replica did not start:\n" + "".join(self.lines))

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)
            if "is ready at" in line and (found := READY.search(line)):
                self.url = found.group(1)
                self.took_s = time.monotonic() - self.begun
                self._ready.set()
        self._ready.set()

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30, trust_env=False)

    def memory_mb(self) -> float:
        """Resident memory of the process, without its workers."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", text)
        assert found
        return int(found.group(1)) / 1024

    def stop(self) -> int:
        """Ctrl+C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(20)
