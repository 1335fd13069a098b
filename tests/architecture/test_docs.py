"""The documentation tells the truth."""

from __future__ import annotations

import re
from pathlib import Path

from freemlops.cli.app import COMMANDS, MODULES

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_every_setting_is_documented_and_no_other() -> None:
    source = "".join(p.read_text("utf-8") for p in (ROOT / "freemlops").rglob("*.py"))
    used = set(re.findall(r"\bFREEMLOPS_[A-Z]+(?:_[A-Z]+)*\b", source))
    told = set(re.findall(r"^\| `(FREEMLOPS_\w+)`", README, re.M))
    assert used == told


def test_every_command_has_a_module() -> None:
    assert all(
        (ROOT / "freemlops" / "cli" / f"{MODULES.get(name, name)}.py").exists() for name in COMMANDS
    )


def test_the_readmes_files_exist() -> None:
    for name in re.findall(r"`((?:docs|tests)/[\w./-]+)`|\]\(([\w./-]+)\)", README):
        assert (ROOT / (name[0] or name[1])).exists(), name


def test_no_lock_file_and_exact_pins() -> None:
    assert "uv.lock" in (ROOT / ".gitignore").read_text("utf-8")
    pins = re.search(
        r"^constraint-dependencies = \[\n(.*?)^\]", (ROOT / "pyproject.toml").read_text("utf-8"),
        re.M | re.S,
    )  # fmt: skip
    assert pins
    assert all("==" in line for line in pins.group(1).splitlines())


def test_every_decision_is_numbered_once() -> None:
    numbers = [p.name[:4] for p in sorted((ROOT / "docs" / "adr").glob("*.md"))]
    assert numbers == [f"{n:04d}" for n in range(1, len(numbers) + 1)]
