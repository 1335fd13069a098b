"""Writes the exact versions of everything into pyproject.toml: `just lock`.

A lock file records the hosts it was downloaded from; constraints record only names and versions.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

PROJECT = Path(__file__).parent.parent / "pyproject.toml"
PINS = re.compile(r"^constraint-dependencies = \[\n.*?^\]\n", re.M | re.S)


def resolve() -> list[str]:
    """`name==version ; marker` of all dependencies, groups and extras, freshly resolved."""
    text = PROJECT.read_text("utf-8")
    PROJECT.write_text(PINS.sub("", text), "utf-8")
    try:
        out = subprocess.run(
            ["uv", "pip", "compile", "--universal", "--no-header", "--no-annotate", "--quiet",
             "--all-extras", "--group", "dev", "--group", "bench", "pyproject.toml"],
            check=True, capture_output=True, text=True, cwd=PROJECT.parent,
        ).stdout  # fmt: skip
    finally:
        PROJECT.write_text(text, "utf-8")
    lines = (line.strip() for line in out.splitlines())
    return [line for line in lines if line and not line.startswith(("-", "#"))]


def write(pins: list[str]) -> None:
    block = "".join(f'  "{pin}",\n' for pin in (p.replace('"', "'") for p in pins))
    made = f"constraint-dependencies = [\n{block}]\n"
    text = PROJECT.read_text("utf-8")
    text = PINS.sub("", text).replace("default-groups = []\n", f"default-groups = []\n{made}", 1)
    PROJECT.write_text(text, "utf-8")


if __name__ == "__main__":
    pins = resolve()
    write(pins)
    print(f"{len(pins)} pins written")
