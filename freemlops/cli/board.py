"""The leaderboard in a terminal."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from freemlops.domain.family import family_title
from freemlops.domain.metric import METRICS
from freemlops.i18n import Translator


def board_table(t: Translator, run: dict[str, Any]) -> Table:
    """The candidates of `GET /runs/{run}`, best first, ties marked."""
    metric = run["metric"]
    table = Table(title=f"{run['dataset_name']} → {run['target']}")
    table.add_column(t.text("Model"))
    table.add_column(t.text(METRICS[metric].title), justify="right")
    table.add_column(t.text("95% interval"), justify="right")
    table.add_column(t.text("Answer time"), justify="right")
    table.add_column(t.text("Size"), justify="right")
    table.add_column("")
    for row in run["leaderboard"]:
        score = row["holdout"][metric]
        is_best = row["candidate"] == run["best"]
        mark = t.text("best") if is_best else t.text("tied") if row["tied_with_best"] else ""
        latency = row["latency_ms"]
        table.add_row(
            t.text(family_title(row["family"])),
            t.number(score["value"], 4),
            f"{t.number(score['low'], 4)} – {t.number(score['high'], 4)}",
            "–" if latency is None else f"{t.number(latency, 2)} ms",
            t.bytes(row["size_bytes"]),
            mark,
        )
    return table
