"""`freemlops train`: from a file to a registered model with a live endpoint."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from freemlops.cli.app import Shell, common
from freemlops.cli.board import board_table
from freemlops.cli.connection import connected
from freemlops.client import Client
from freemlops.domain.errors import TrainingError, UsageError
from freemlops.domain.run import Task

SAMPLE = "sample:"


class Budget(click.ParamType[float]):
    """`90`, `60s`, `5m`, `1h` → seconds."""

    name = "budget"

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(s|m|min|h)?", str(value).strip())
        if not found:
            self.fail(f"“{value}” is no time. Write 60s, 5m or 1h.", param, ctx)
        scale = {"s": 1, "m": 60, "min": 60, "h": 3600}[found.group(2) or "s"]
        return float(found.group(1)) * scale


@click.command("train")
@click.argument("file")
@click.option("--target", help="The column to predict (a sample knows its own).")
@click.option("--task", type=click.Choice([t.value for t in Task]), help="Kind of question.")
@click.option("--budget", type=Budget(), default="60s", show_default=True, help="60s, 5m, 1h.")
@click.option("--metric", help="What to be best at (roc_auc, log_loss, rmse, …).")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="For the same result again.")
@click.option("--max-trials", type=click.IntRange(1), help="End the search after this many.")
@click.option("--json", "as_json", is_flag=True, help="Print the run as JSON.")
@common
@click.pass_context
def command(
    ctx: click.Context,
    /,
    file: str,
    target: str | None,
    budget: float,
    as_json: bool,
    **options: Any,
) -> None:
    """Train on FILE (or sample:NAME) and register the best as a model named after it."""
    shell: Shell = ctx.obj
    _check(file, target)
    with connected(shell, warm=True) as client:
        data, target = _data(client, file, target)
        request = {k: v for k, v in options.items() if v is not None}
        run = client.start(
            dataset=data["dataset"],
            version=data["version"],
            target=target,
            budget_s=budget,
            **request,
        )
        made = _watch(shell, client, run)
        if made["status"] not in ("finished", "stopped"):
            raise TrainingError("{text}", text=made["error"] or made["status"])
        model = client.register(run, name=data["name"])
        deployment = client.deploy(model["model"])
        if as_json:
            click.echo(json.dumps(made, ensure_ascii=False, indent=2))
        else:
            Console(width=None).print(board_table(shell.t, made))
        _tell(shell, client, made, model, deployment)


def _check(file: str, target: str | None) -> None:
    if file.startswith(SAMPLE):
        return
    if not Path(file).is_file():
        raise UsageError("There is no file “{file}”.", file=file)
    if not target:
        raise UsageError("Say which column to predict: --target COLUMN.")


def _data(client: Client, file: str, target: str | None) -> tuple[dict[str, Any], str]:
    if not file.startswith(SAMPLE):
        return client.upload(file), str(target)
    key = file.removeprefix(SAMPLE)
    data = client.sample(key)
    own = {s["sample"]: s["target"] for s in client.call("GET", "/samples")}
    return data, target or own[key]


def _watch(shell: Shell, client: Client, run: str) -> dict[str, Any]:
    """A progress bar on stderr until the run is over; Ctrl+C stops it and keeps the best."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task(shell.t.text("Training"), total=1.0)
        try:
            _follow(client, run, bar, task)
        except KeyboardInterrupt:
            shell.say("Stopping; the best so far is kept.")
            client.call("POST", f"/runs/{run}/stop")
            _follow(client, run, bar, task)
    return client.run(run)


def _follow(client: Client, run: str, bar: Progress, task: Any) -> None:
    for kind, data in client.events(run):
        if kind == "phase":
            bar.update(task, completed=data["progress"])
        elif kind == "log":
            bar.update(task, description=data["message"][:60])


def _tell(
    shell: Shell,
    client: Client,
    run: dict[str, Any],
    model: dict[str, Any],
    deployment: dict[str, Any],
) -> None:
    receipt = run["receipt"]
    if receipt:
        shell.say(
            "Asked for {asked} s, used {used} s, {trials} models tried.",
            asked=round(receipt["asked_s"], 1),
            used=round(receipt["used_s"], 1),
            trials=receipt["trials"],
        )
        for line in (*receipt["notes"], *receipt["left_out"]):
            click.echo(f"  {line}", err=True)
    shell.say(
        "Registered as {model}, version {version}.",
        model=model["model"],
        version=str(model["version"]),
    )
    shell.say("Endpoint: {url}", url=f"{_public(client)}{deployment['endpoint']}")
    if _is_own():
        shell.say("The endpoint answers while the app runs: start it with `freemlops`.")


def _is_own() -> bool:
    """Is the server only there for this command?"""
    from freemlops import bootstrap

    return bootstrap.current() is not None


def _public(client: Client) -> str:
    """Where the endpoint will be: this command's own server has a port that nobody knows."""
    return "http://127.0.0.1:5006" if _is_own() else client.url
