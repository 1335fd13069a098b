"""What is installed from the wheel is the same product."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT, free_environment, wait_for


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        ["uv", "build", "--wheel", "--quiet", "--out-dir", str(out), str(ROOT)], check=True
    )
    (made,) = out.glob("*.whl")
    return made


def test_the_wheel_carries_pages_store_and_catalog(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for path in (ROOT / "dashboards").glob("*.py"):
        assert f"freemlops/_bundled/dashboards/{path.name}" in names
    for path in (ROOT / "store").rglob("*.sql"):
        assert f"freemlops/_bundled/store/{path.relative_to(ROOT / 'store')}" in names
    assert "freemlops/i18n/locales/pt_BR.po" in names
    assert not [n for n in names if n.startswith(("tests/", "dashboards/", "store/"))]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment with the wheel in it, and nothing of the checkout."""
    env = tmp_path_factory.mktemp("venv") / "env"
    subprocess.run(["uv", "venv", "--quiet", "--python", sys.executable, str(env)], check=True)
    pins = env / "pins.txt"
    subprocess.run(
        ["uv", "pip", "freeze", "--exclude-editable", "--python", sys.executable],
        check=True, stdout=pins.open("w"),
    )  # fmt: skip
    subprocess.run(
        ["uv", "pip", "install", "--quiet", "--python", str(env / "bin/python"), "-c", str(pins),
         str(wheel)],
        check=True,
    )  # fmt: skip
    return env


def test_the_installed_product_serves_every_page(installed: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [str(installed / "bin/freemlops"), "serve", "--no-browser", "--port", "0", "--home", "h"],
        cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=free_environment(LANG="C.UTF-8"),
    )  # fmt: skip
    try:
        assert process.stderr is not None
        line = next(line for line in process.stderr if "is ready at" in line)
        url = next(word for word in line.split() if word.startswith("http"))
        for path in sorted((ROOT / "dashboards").glob("*.py")):
            answer = httpx.get(f"{url}/{path.stem}", timeout=60, trust_env=False)
            assert answer.status_code == 200, path.name
        assert httpx.get(f"{url}/api/v1/samples", trust_env=False).json()
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("server", ["tornado", "asgi"])
@pytest.mark.parametrize("source", ["checkout", "wheel"])
def test_panel_serve_shows_the_same_pages_with_the_api_beside(
    installed: Path, tmp_path: Path, server: str, source: str
) -> None:
    panel = (
        str(installed / "bin/panel")
        if source == "wheel"
        else str(Path(sys.executable).parent / "panel")
    )
    folder = (
        next((installed / "lib").glob("python*")) / "site-packages/freemlops/_bundled/dashboards"
        if source == "wheel"
        else ROOT / "dashboards"
    )
    port = _free_pair()
    arguments = [panel, "serve", *map(str, sorted(folder.glob("*.py"))), "--port", str(port)]
    process = subprocess.Popen(
        [*arguments, *(["--server", "asgi"] if server == "asgi" else [])],
        cwd=tmp_path,
        env=free_environment(FREEMLOPS_HOME=str(tmp_path / "home")),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base, api = f"http://localhost:{port}", f"http://127.0.0.1:{port + 1}"

    def answers(url: str) -> bool:
        try:
            return httpx.get(url, timeout=60, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    try:
        wait_for(lambda: answers(f"{base}/home"), timeout=60)
        wait_for(lambda: answers(f"{api}/api/v1/readyz"), timeout=30)
        for path in sorted(folder.glob("*.py")):
            assert answers(f"{base}/{path.stem}"), path.name
    finally:
        process.kill()
        process.wait()


def test_panel_serve_shows_nothing_to_the_network(tmp_path: Path) -> None:
    port = _free_pair()
    panel = str(Path(sys.executable).parent / "panel")
    arguments = [panel, "serve", str(ROOT / "dashboards" / "home.py"), "--port", str(port)]
    process = subprocess.Popen(
        [*arguments, "--allow-websocket-origin", "*"],
        cwd=tmp_path,
        env=free_environment(FREEMLOPS_HOME=str(tmp_path / "home")),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def asked_as(host: str) -> str:
        try:
            url = f"http://127.0.0.1:{port}/home"
            return httpx.get(url, headers={"Host": host}, timeout=60, trust_env=False).text
        except httpx.TransportError:
            return ""

    try:
        wait_for(lambda: asked_as(f"192.0.2.7:{port}"), timeout=60)
        assert not (tmp_path / "home").exists(), "a stranger's request opened the warehouse"
        assert asked_as(f"127.0.0.1:{port}")
        assert (tmp_path / "home" / "freemlops.duckdb").exists()
    finally:
        process.kill()
        process.wait()


def _free_pair() -> int:
    """A port whose next one is free too."""
    import socket

    for port in range(20000 + os.getpid() % 20000, 60000, 2):
        with socket.socket() as a, socket.socket() as b:
            try:
                a.bind(("127.0.0.1", port))
                b.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise AssertionError("no free ports")
