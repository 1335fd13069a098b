"""Calls to an endpoint as code that works when pasted."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any


def endpoint_url(base: str, name: str) -> str:
    return f"{base}/api/v1/endpoints/{name}/predict"


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row as JSON can hold it: dates in ISO form."""
    return {k: v.isoformat() if isinstance(v, (date, datetime)) else v for k, v in row.items()}


def curl(base: str, name: str, row: Mapping[str, Any]) -> str:
    """For a POSIX shell; whatever is in the row stays one argument."""
    body = json.dumps({"rows": [plain(row)]}, ensure_ascii=False)
    return (
        f"curl -sS -X POST {shlex.quote(endpoint_url(base, name))} \\\n"
        f"  -H 'Content-Type: application/json' \\\n"
        f"  -d {shlex.quote(body)}"
    )


def python(base: str, name: str, row: Mapping[str, Any]) -> str:
    """With the standard library alone."""
    lines = [f"    {key!r}: {value!r}," for key, value in plain(row).items()]
    return "\n".join(
        [
            "import json",
            "import urllib.request",
            "",
            "row = {",
            *lines,
            "}",
            "request = urllib.request.Request(",
            f"    {endpoint_url(base, name)!r},",
            '    data=json.dumps({"rows": [row]}).encode(),',
            '    headers={"Content-Type": "application/json"},',
            ")",
            "with urllib.request.urlopen(request) as answer:",
            "    print(json.load(answer))",
        ]
    )
