"""Values as Python source: by `repr`, never as code."""

from __future__ import annotations

import pprint
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

WIDTH = 100


def named(name: str, functions: Mapping[str, str]) -> str:
    lines = [f'    "{key}": {function},' for key, function in functions.items()]
    return "\n".join([f"{name} = {{", *lines, "}"])


def listed(name: str, members: Sequence[Mapping[str, Any]]) -> str:
    made = [f"{name} = ["]
    for member in members:
        head = {k: member[k] for k in ("family", "weight", "seed")}
        items = [f"{k!r}: {v!r}" for k, v in head.items()]
        params = [f"{k!r}: {v!r}" for k, v in member["params"].items()]
        if not params:
            made.append(f"    {{{', '.join(items)}, 'params': {{}}}},")
            continue
        made += [f"    {{{', '.join(items)},", "     'params': {"]
        made += [f"         {line}" for line in filled(params)]
        made += ["     }},"]
    return "\n".join([*made, "]"])


def filled(items: Sequence[str]) -> list[str]:
    """As many items a line as fit in."""
    lines: list[str] = []
    for item in items:
        if lines and len(lines[-1]) + len(item) < WIDTH - 12:
            lines[-1] += f" {item},"
        else:
            lines.append(f"{item},")
    return lines


def words_set(name: str, words: frozenset[str]) -> str:
    lines = [f"    {line}" for line in filled([repr(w) for w in sorted(words)])]
    return "\n".join([f"{name} = {{", *lines, "}"])


def assigned(name: str, value: Any) -> str:
    made = pprint.pformat(value, width=WIDTH - len(name) - 3, sort_dicts=False, compact=True)
    if "\n" not in made:
        return f"{name} = {made}"
    made = pprint.pformat(value, width=WIDTH - 4, sort_dicts=False, compact=True)
    inner = textwrap.indent(made[1:-1].strip(), "    ").replace("\n     ", "\n    ")
    return f"{name} = {made[0]}\n{inner},\n{made[-1]}"


def wrapped(line: str) -> list[str]:
    if line.startswith(("Install:", "Run:", "         ")):
        return [line]
    return textwrap.wrap(line, WIDTH - 2, break_on_hyphens=False, break_long_words=False) or [""]
