"""A small client over the REST API, for notebooks, for scripts and for the command line."""

from __future__ import annotations

import json
import os
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self

import httpx

if TYPE_CHECKING:
    import pandas as pd

CHUNK = 1024**2
JSON = "application/json"
ARROW = "application/vnd.apache.arrow.stream"


class ApiError(Exception):
    """A call was refused. `status` is the HTTP status, `problem` the RFC 9457 document."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.problem = dict(problem)
        super().__init__(str(problem.get("detail") or problem.get("title") or status))

    def lines(self) -> list[str]:
        """The sentence, then one line for each place that is wrong and was not said by it."""
        made = [str(self)]
        for item in self.problem.get("errors", ()):
            if item["message"] == made[0] and "row" not in item and "line" not in item:
                continue
            places = {k: item[k] for k in ("line", "row", "column") if k in item}
            if "row" in places:
                places["row"] += 1  # people count from one, as the sentence does
            where = ", ".join(f"{k} {v}" for k, v in places.items())
            made.append(f"{where}: {item['message']}" if where else str(item["message"]))
        return made


@dataclass(frozen=True, slots=True)
class Fetched:
    """An exported file. `parity`: the largest difference from the original, on so many rows."""

    content: bytes
    sha256: str
    parity: tuple[float, int] | None = None


class Client:
    """Calls one server. Every method may raise `ApiError`, and `httpx.TransportError` when the
    server is gone."""

    def __init__(self, url: str, *, key: str | None = None, language: str = "en") -> None:
        headers = {"Accept-Language": language.replace("_", "-")}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        self._http = httpx.Client(
            base_url=url, headers=headers, timeout=httpx.Timeout(600, connect=10), trust_env=False
        )
        self.url = url

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def call(self, method: str, path: str, **options: Any) -> Any:
        """The JSON answer of `path` under `/api/v1`."""
        return self._checked(self._http.request(method, f"/api/v1{path}", **options)).json()

    def _checked(self, response: httpx.Response) -> httpx.Response:
        if response.is_error:
            try:
                problem = response.json()
            except ValueError:
                problem = {"detail": response.text[:500]}
            raise ApiError(response.status_code, problem)
        return response

    def upload(
        self, path: str | Path, name: str = "", on_bytes: Callable[[int], None] | None = None
    ) -> dict[str, Any]:
        """Send a file as a new dataset version; `on_bytes` hears the bytes sent so far."""
        path = Path(path)
        made: dict[str, Any] = self.call(
            "PUT",
            "/datasets",
            params={"name": name or path.stem, "filename": path.name},
            content=_chunks(path, on_bytes),
        )
        return made

    def sample(self, key: str) -> dict[str, Any]:
        made: dict[str, Any] = self.call("POST", f"/samples/{key}")
        return made

    def start(self, **request: Any) -> str:
        """Queue a run (the fields of `POST /runs`; None is left out) and return its id."""
        body = {k: v for k, v in request.items() if v is not None}
        return str(self.call("POST", "/runs", json=body)["run"])

    def run(self, run: str) -> dict[str, Any]:
        made: dict[str, Any] = self.call("GET", f"/runs/{run}")
        return made

    def events(self, run: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """The run's events as (kind, data) until it is over."""
        with self._http.stream("GET", f"/api/v1/runs/{run}/events") as response:
            if response.is_error:
                response.read()
                self._checked(response)
            kind = ""
            for line in response.iter_lines():
                if line.startswith("event:"):
                    kind = line[6:].strip()
                elif line.startswith("data:"):
                    yield kind, json.loads(line[5:])

    def train(self, dataset: str, target: str, budget_s: float = 60, **more: Any) -> dict[str, Any]:
        """Start a run, wait for its end, and return it with its leaderboard."""
        return self.wait(self.start(dataset=dataset, target=target, budget_s=budget_s, **more))

    def go_on(self, run: str, budget_s: float | None = None) -> None:
        """Give a run that is over more time; an interrupted one by default what it had left."""
        self.call("POST", f"/runs/{run}/continue", json={"budget_s": budget_s})

    def wait(self, run: str) -> dict[str, Any]:
        """The run with its leaderboard, once it is over."""
        while True:
            made = self.run(run)
            if made["status"] not in ("queued", "running"):
                return made
            time.sleep(0.25)

    def register(
        self, run: str, name: str | None = None, candidate: str | None = None
    ) -> dict[str, Any]:
        made: dict[str, Any] = self.call(
            "POST", "/models", json={"run": run, "name": name, "candidate": candidate}
        )
        return made

    def deploy(self, model: str) -> dict[str, Any]:
        """The deployment that serves the model's champion, made when there is none."""
        for known in self.call("GET", "/deployments")["items"]:
            if known["model"] == model and known["alias"] == "champion":
                return dict(known)
        made: dict[str, Any] = self.call("POST", "/deployments", json={"model": model})
        return made

    def predict(self, endpoint: str, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """One prediction a row from a deployed endpoint."""
        answer = self.call("POST", f"/endpoints/{endpoint}/predict", json={"rows": list(rows)})
        return list(answer["predictions"])

    def score(
        self,
        endpoint: str,
        path: str | Path,
        out: IO[bytes],
        on_rows: Callable[[int, int | None], None] | None = None,
    ) -> dict[str, Any]:
        """Every row of a file answered by a deployed endpoint, as CSV written to `out`.

        `on_rows` hears how many rows of how many are done. Returns what the server says of it.
        """
        path, place = Path(path), f"/endpoints/{endpoint}/batch"
        params = {"filename": path.name}
        made: dict[str, Any] = self.call("POST", place, params=params, content=_chunks(path, None))
        place = f"{place}/{made['batch']}"
        while made["state"] in ("waiting", "scoring"):
            time.sleep(0.2)
            made = self.call("GET", place)
            if on_rows is not None:
                on_rows(made["rows"], made["total"])
        with self._http.stream("GET", f"/api/v1{place}/result") as response:
            if response.is_error:
                response.read()
                self._checked(response)
            for chunk in response.iter_bytes(CHUNK):
                out.write(chunk)
        self._checked(self._http.delete(f"/api/v1{place}"))
        return made

    def sql(self, query: str, limit: int | None = None) -> pd.DataFrame:
        """The answer of the SQL lab as a pandas frame; see `lab.runs`, `lab.trials`, ….

        Warns when there were more rows than the limit.
        """
        import pyarrow as pa

        answer = self._sql(query, limit, ARROW)
        if answer.headers.get("x-truncated") == "true":
            warnings.warn("There were more rows than the limit.", stacklevel=2)
        frame: pd.DataFrame = pa.ipc.open_stream(answer.content).read_pandas()
        return frame

    def sql_text(self, query: str, limit: int | None = None, *, kind: str = JSON) -> str:
        """The answer as JSON, or as CSV with `kind="text/csv"`."""
        return self._sql(query, limit, kind).text

    def _sql(self, query: str, limit: int | None, kind: str) -> httpx.Response:
        body = {"sql": query} | ({} if limit is None else {"limit": limit})
        return self._checked(self._http.post("/api/v1/sql", json=body, headers={"Accept": kind}))

    def snapshot(
        self, path: str | Path, storage_version: str | None = None, with_data: bool = False
    ) -> int:
        """Save the history as a DuckDB file, whole or not at all; its size in bytes."""
        path = Path(path)
        part = path.with_name(path.name + ".part")
        params: dict[str, str] = {"data": "true" if with_data else "false"}
        if storage_version:
            params["storage_version"] = storage_version
        try:
            with self._http.stream("GET", "/api/v1/sql/snapshot", params=params) as response:
                if response.is_error:
                    response.read()
                    self._checked(response)
                with part.open("wb") as file:
                    for chunk in response.iter_bytes(CHUNK):
                        file.write(chunk)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        return path.stat().st_size

    def artifact(self, model: str, version: int, format: str) -> tuple[bytes, str]:
        """The exported file of a model version and its sha256."""
        made = self.export(model, version, format)
        return made.content, made.sha256

    def export(self, model: str, version: int, format: str) -> Fetched:
        """A model version as a file: onnx, pickle, requirements, bundle, container, code."""
        path = f"/api/v1/models/{model}/versions/{version}/artifact"
        response = self._checked(self._http.get(path, params={"format": format}))
        told = response.headers
        parity = None
        if "x-parity-rows" in told:
            parity = float(told["x-parity-max-difference"]), int(told["x-parity-rows"])
        return Fetched(response.content, told["x-content-sha256"], parity)

    def import_bundle(
        self, path: str | Path, name: str | None = None
    ) -> tuple[dict[str, Any], bool]:
        """The bundle as a model version, and whether it is new."""
        params = {} if name is None else {"name": name}
        content = _chunks(Path(path), None)
        response = self._checked(
            self._http.post("/api/v1/models/import", params=params, content=content)
        )
        return response.json(), response.status_code == 201


def _chunks(path: Path, on_bytes: Callable[[int], None] | None) -> Iterator[bytes]:
    sent = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
            sent += len(chunk)
            if on_bytes is not None:
                on_bytes(sent)


def connect(url: str | None = None, *, key: str | None = None) -> Client:
    """A client of the server at `url`; by default the one on this machine, port 5006.

    `key` (or `FREEMLOPS_PASSWORD`) is needed where the server asks for a login.
    """
    return Client(
        url or os.environ.get("FREEMLOPS_URL", "http://127.0.0.1:5006"),
        key=key or os.environ.get("FREEMLOPS_PASSWORD"),
    )
