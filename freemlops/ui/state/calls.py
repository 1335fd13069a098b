"""Calls to an endpoint as code that works when pasted."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

KEY_HERE: Final = "YOUR_KEY"
"""Stands in the code where the reader puts an API key."""


@dataclass(frozen=True, slots=True)
class Call:
    """One row asked of an endpoint. `base` is the server's address as the reader reaches it;
    `key` goes into `Authorization`, None where the endpoint asks for none."""

    base: str
    endpoint: str
    row: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None

    @property
    def url(self) -> str:
        return endpoint_url(self.base, self.endpoint)

    @property
    def headers(self) -> dict[str, str]:
        made = {"Content-Type": "application/json"}
        return made if self.key is None else made | {"Authorization": f"Bearer {self.key}"}

    @property
    def body(self) -> dict[str, Any]:
        return {"rows": [plain(self.row)]}


def endpoint_url(base: str, name: str) -> str:
    return f"{base}/api/v1/endpoints/{name}/predict"


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row as JSON can hold it: dates in ISO form."""
    return {k: v.isoformat() if isinstance(v, (date, datetime)) else v for k, v in row.items()}


def curl(call: Call) -> str:
    """For a POSIX shell; whatever is in the row stays one argument."""
    headers = [f"  -H {shlex.quote(f'{name}: {text}')} \\" for name, text in call.headers.items()]
    body = shlex.quote(json.dumps(call.body, ensure_ascii=False))
    return "\n".join([f"curl -sS -X POST {shlex.quote(call.url)} \\", *headers, f"  -d {body}"])


def python(call: Call) -> str:
    """With the standard library alone."""
    lines = [f"    {key!r}: {value!r}," for key, value in plain(call.row).items()]
    return "\n".join(
        [
            "import json",
            "import urllib.request",
            "",
            "row = {",
            *lines,
            "}",
            "request = urllib.request.Request(",
            f"    {call.url!r},",
            '    data=json.dumps({"rows": [row]}).encode(),',
            f"    headers={json.dumps(call.headers)},",
            ")",
            "with urllib.request.urlopen(request) as answer:",
            "    print(json.load(answer))",
        ]
    )


def javascript(call: Call) -> str:
    """For a browser's console and for Node, whether a module or not: nothing is awaited."""
    lines = [f"  {_js(k)}: {_js(v)}," for k, v in plain(call.row).items()]
    return "\n".join(
        [
            "const row = {",
            *lines,
            "};",
            f"fetch({_js(call.url)}, {{",
            '  method: "POST",',
            f"  headers: {_js(call.headers)},",
            "  body: JSON.stringify({ rows: [row] }),",
            "})",
            "  .then((response) => response.json())",
            "  .then((answer) => console.log(JSON.stringify(answer, null, 2)));",
        ]
    )


def _js(value: Any) -> str:
    """Nothing in it ends a `<script>` that it is pasted into."""
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


def r(call: Call) -> str:
    """With the package httr2, which writes NULL as null and numbers with all their digits."""
    pairs = [f"  {_r(k)} = {_r(v)}" for k, v in plain(call.row).items()]
    key = (
        []
        if call.key is None
        else [f"  req_headers(Authorization = {_r('Bearer ' + call.key)}) |>"]
    )
    return "\n".join(
        [
            "library(httr2)",
            "",
            "row <- list(",
            ",\n".join(pairs),
            ")",
            f"answer <- request({_r(call.url)}) |>",
            *key,
            "  req_body_json(list(rows = list(row))) |>",
            "  req_perform() |>",
            "  resp_body_json()",
            "str(answer$predictions)",
        ]
    )


def _r(value: Any) -> str:
    match value:
        case None:
            return "NULL"
        case bool():
            return "TRUE" if value else "FALSE"
        case str():
            return _quoted(value, {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
    return json.dumps(value)


def power_query(call: Call) -> str:
    """For Excel and Power BI: Data, Get data, Blank query, Advanced editor."""
    pairs = ",\n".join(f"        {_m_name(k)} = {_m(v)}" for k, v in plain(call.row).items())
    headers = ", ".join(f"{_m_name(k)} = {_m(v)}" for k, v in call.headers.items())
    return "\n".join(
        [
            "let",
            f"    Row = [\n{pairs}\n    ],",
            f"    Source = Web.Contents({_m(call.url)}, [",
            f"        Headers = [{headers}],",
            "        Content = Json.FromValue([rows = {Row}])",
            "    ]),",
            "    Answer = Json.Document(Source),",
            "    Predictions = Table.FromRecords(Answer[predictions], null, MissingField.UseNull)",
            "in",
            "    Predictions",
        ]
    )


def _m(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            escapes = {"#(": "#(#)(", "\n": "#(lf)", "\r": "#(cr)", "\t": "#(tab)", '"': '""'}
            return _quoted(value, escapes)
    return json.dumps(value)


def _m_name(name: str) -> str:
    return f"#{_m(name)}"


def _quoted(text: str, escapes: Mapping[str, str]) -> str:
    """`text` between quotation marks; `escapes` are tried in their order at each place."""
    made, at = [], 0
    while at < len(text):
        found = next((e for e in escapes if text.startswith(e, at)), None)
        made.append(escapes[found] if found else text[at])
        at += len(found) if found else 1
    return f'"{"".join(made)}"'
