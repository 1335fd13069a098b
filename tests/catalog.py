"""Finds every msgid in the source and keeps the Portuguese catalog in step: `just catalog`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

import freemlops.domain.errors

SOURCE = Path(__file__).parent.parent / "freemlops"
STORE = SOURCE.parent / "store"
COMMENT = re.compile(r"COMMENT ON [^']*? IS '((?:[^']|'')+)'")
CATALOG = SOURCE / "i18n" / "locales" / "pt_BR.po"
ERRORS = {
    name
    for name, value in vars(freemlops.domain.errors).items()
    if isinstance(value, type) and issubclass(value, freemlops.domain.errors.FreeMLOpsError)
}
CALLS = {"N_", "say", "text", "Message", "CommandError"} | ERRORS


def msgids() -> dict[str, list[tuple[str, int]]]:
    """Every msgid with the places where it stands, as (file, line)."""
    found: dict[str, list[tuple[str, int]]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for text, line in _in_file(path):
            found.setdefault(text, []).append((str(path.relative_to(SOURCE.parent)), line))
    for text, place in _in_store():
        found.setdefault(text, []).append(place)
    return found


def _in_store() -> Iterator[tuple[str, tuple[str, int]]]:
    """Headings of the cookbook, and what the migrations say of the lab's views."""
    for path in sorted((STORE / "cookbook").glob("*.sql")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if heading := re.match("-- (?:title|about): (.+)", line):
                yield heading.group(1), (path.name, number)
    for path in sorted((STORE / "migrations").glob("*.sql")):
        for found in COMMENT.finditer(path.read_text("utf-8")):
            yield found.group(1).replace("''", "'"), (path.name, 1)


def _in_file(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else None
        name = node.func.id if isinstance(node.func, ast.Name) else name
        if name in CALLS or name == "say":
            for literal in _literals(node.args[0]):
                yield literal, node.lineno


def _literals(node: ast.expr) -> Iterator[str]:
    """A literal, or both sides of `a if x else b`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)


def read() -> Catalog:
    with CATALOG.open("rb") as file:
        return read_po(file, locale="pt_BR")


def update() -> tuple[int, int]:
    """Rewrite the catalog with exactly the msgids of the source; returns (all, untranslated)."""
    old = read() if CATALOG.exists() else Catalog(locale="pt_BR")
    new = Catalog(
        locale="pt_BR", project="Free MLOps", version="0.1", copyright_holder="Free MLOps",
        header_comment="# Brazilian Portuguese for Free MLOps.",
    )  # fmt: skip
    for text in sorted(msgids()):
        known = old.get(text)
        new.add(text, string=str(known.string) if known and known.string else "")
    CATALOG.parent.mkdir(exist_ok=True)
    with CATALOG.open("wb") as file:
        write_po(file, new, width=100, omit_header=True)
    return len(new), sum(1 for m in new if m.id and not m.string)


if __name__ == "__main__":
    total, missing = update()
    print(f"{total} msgids, {missing} untranslated in {CATALOG}")
