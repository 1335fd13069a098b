"""MLflow's and BentoML's servers over the same graph, from a venv of their own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.bench.serve.table import write_script

HERE = Path(__file__).parent


def scripts(folder: Path, name: str, one: list[str], many: list[str]) -> tuple[str, str]:
    paths = (folder / f"{name}1.lua", folder / f"{name}100.lua")
    for path, texts in zip(paths, (one, many), strict=True):
        write_script(path, texts, {"Content-Type": "application/json"})
    return str(paths[0]), str(paths[1])


def mlflow(
    venv: Path, folder: Path, port: int, bodies: tuple[list[str], list[str]]
) -> tuple[list[str], str, str, tuple[str, str]]:
    """The command, the address to wait for, the address to ask, and the scripts."""
    program = HERE / "mlflow_model.py"
    model = str(folder / "mlflow")
    command = [str(venv / "bin/python"), str(program)]
    command += [str(folder / "m.onnx"), str(folder / "s.json"), model]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    one, many = ([_records(body) for body in part] for part in bodies)
    serve = [str(venv / "bin/mlflow"), "models", "serve", "-m", model, "--env-manager", "local"]
    serve += ["--port", str(port), "--workers", "1"]
    base = f"http://127.0.0.1:{port}"
    made = scripts(folder, "records", one, many)
    return serve, f"{base}/ping", f"{base}/invocations", made


def bentoml(
    venv: Path, folder: Path, port: int, bodies: tuple[list[str], list[str]]
) -> tuple[list[str], str, str, tuple[str, str]]:
    serve = [str(venv / "bin/bentoml"), "serve", "bento_service:Bench", "--port", str(port)]
    serve += ["--working-dir", str(HERE)]
    base = f"http://127.0.0.1:{port}"
    return serve, f"{base}/healthz", f"{base}/predict", scripts(folder, "rows", *bodies)


def _records(body: str) -> str:
    """A body as MLflow wants it."""
    return json.dumps({"dataframe_records": json.loads(body)["rows"]})
