"""The code on the deployment page works as pasted, whatever is in the row."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import date

import pytest

from freemlops.ui.state import calls

ROW = {
    "it's": "a 'quoted' $HOME `id` \"x\" \\ !",
    "região": "São Paulo",
    "n": 49.5,
    "none": None,
    "yes": True,
    "day": date(2024, 1, 31),
}
CALL = calls.Call("http://127.0.0.1:5006", "churn", ROW)
EVERY = (calls.curl, calls.python, calls.javascript, calls.r, calls.power_query)


def test_curl_gives_the_shell_one_json_body() -> None:
    script = calls.curl(CALL).replace("curl -sS", "printf '%s\\n'", 1)
    out = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    body = json.loads(out.stdout.splitlines()[-1])
    assert body == {"rows": [calls.plain(ROW)]}


@pytest.mark.parametrize("write", EVERY)
def test_each_calls_the_endpoint_with_the_key_it_needs_and_no_other(write: object) -> None:
    assert callable(write)
    plain, keyed = write(CALL), write(replace(CALL, key="fmk_x"))
    assert "http://127.0.0.1:5006/api/v1/endpoints/churn/predict" in plain
    assert "Bearer" not in plain
    assert "Bearer fmk_x" in keyed


def test_the_python_snippet_compiles_and_holds_the_row() -> None:
    code = calls.python(CALL)
    compile(code, "snippet", "exec")
    scope: dict[str, object] = {}
    exec(code[code.index("row = {") : code.index("request = ")], scope)
    assert scope["row"] == calls.plain(ROW)


def test_the_javascript_snippet_sends_the_row() -> None:
    """By Node, with a `fetch` that tells what it is to send."""
    told = (
        "globalThis.fetch = (_, { body }) => { console.log(body); return new Promise(() => {}) };"
    )
    command = ["node", "-e", f"{told}\n{calls.javascript(CALL)}"]
    out = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(out.stdout) == {"rows": [calls.plain(ROW)]}


def test_javascript_does_not_end_the_script_it_is_pasted_into() -> None:
    assert "</script" not in calls.javascript(replace(CALL, row={"x": "</script>"}))


def test_r_names_columns_by_texts_and_escapes_them() -> None:
    code = calls.r(CALL)
    assert '"it\'s" = "a \'quoted\' $HOME `id` \\"x\\" \\\\ !"' in code
    assert '"none" = NULL,\n  "yes" = TRUE' in code


def test_power_query_escapes_in_its_own_way() -> None:
    code = calls.power_query(replace(CALL, row={'a "b"': "line\n#(x)"}))
    assert '#"a ""b""" = "line#(lf)#(#)(x)"' in code
