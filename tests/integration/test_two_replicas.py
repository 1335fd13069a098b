"""The example of two replicas behind nginx, with Debian's nginx and the file as it is printed."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT, wait_for
from tests.integration.replicas import LiveReplica
from tests.integration.test_api_predict import ROW

CLIENTS, SECONDS = 6, 4.0


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


@pytest.fixture
def replicas(bundle_file: Path) -> Iterator[list[LiveReplica]]:
    made = [LiveReplica(bundle_file) for _ in range(2)]
    yield made
    for one in made:
        one.kill()


@pytest.fixture
def front(replicas: list[LiveReplica], tmp_path: Path) -> Iterator[str]:
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    port = free_port()
    text = (ROOT / "docs/examples/two-replicas/nginx.conf").read_text()
    for place, replica in enumerate(replicas, 1):
        text = text.replace(f"replica-{place}:5006", replica.url.removeprefix("http://"))
    text = text.replace("listen 8080", f"listen 127.0.0.1:{port}")
    config = tmp_path / "nginx.conf"
    config.write_text("daemon off;\nmaster_process on;\n" + text)
    process = subprocess.Popen(
        [nginx, "-p", str(tmp_path), "-c", str(config), "-e", "stderr"],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"

    def up() -> bool:
        try:
            return httpx.get(f"{url}/readyz", trust_env=False).status_code == 200
        except httpx.TransportError:
            assert process.poll() is None, process.stderr and process.stderr.read()
            return False

    try:
        wait_for(up, timeout=20)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def test_a_killed_replica_costs_no_request(
    front: str, endpoint: str, replicas: list[LiveReplica]
) -> None:
    """Clients ask without a pause while one of two replicas is killed by kill -9."""
    end = time.monotonic() + SECONDS
    found: Counter[int | str] = Counter()
    lock = threading.Lock()

    def ask() -> None:
        with httpx.Client(base_url=front, timeout=20, trust_env=False) as client:
            while time.monotonic() < end:
                try:
                    status: int | str = client.post(endpoint, json={"rows": [ROW]}).status_code
                except httpx.TransportError as error:
                    status = type(error).__name__
                with lock:
                    found[status] += 1

    threads = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    time.sleep(SECONDS / 3)
    before = found[200]
    replicas[0].kill()
    for thread in threads:
        thread.join()
    assert set(found) == {200}
    assert found[200] > before > 50
