"""The code on the deployment page works as pasted, whatever is in the row."""

from __future__ import annotations

import json
import subprocess
from datetime import date

from freemlops.ui.state import calls

ROW = {
    "it's": "a 'quoted' $HOME `id` \"x\" \\ !",
    "região": "São Paulo",
    "n": 49.5,
    "none": None,
    "day": date(2024, 1, 31),
}


def test_curl_gives_the_shell_one_json_body() -> None:
    script = calls.curl("http://127.0.0.1:5006", "churn", ROW).replace(
        "curl -sS", "printf '%s\\n'", 1
    )
    out = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    body = json.loads(out.stdout.splitlines()[-1])
    assert body == {"rows": [calls.plain(ROW)]}


def test_curl_calls_the_endpoint() -> None:
    assert "http://h:1/api/v1/endpoints/churn/predict" in calls.curl("http://h:1", "churn", {})


def test_the_python_snippet_compiles_and_holds_the_row() -> None:
    code = calls.python("http://127.0.0.1:5006", "churn", ROW)
    compile(code, "snippet", "exec")
    scope: dict[str, object] = {}
    exec(code[code.index("row = {") : code.index("request = ")], scope)
    assert scope["row"] == calls.plain(ROW)
