"""The leaderboard as a file, with every metric and no rounding."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Mapping, Sequence

from freemlops.domain.evaluation.ties import Standing
from freemlops.domain.run import Candidate, Run
from freemlops.i18n import Translator
from freemlops.ui.components.safe import Markup, tag


def board_csv(board: Sequence[Candidate], standings: Mapping[str, Standing]) -> str:
    """One line a candidate, best first. Columns are named as in the API."""
    metrics = list(dict.fromkeys(name for c in board for name in c.holdout))
    scores = [f"{m}{end}" for m in metrics for end in ("", "_low", "_high")]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(
        ["place", "candidate", "family", *scores, "folds", "tied_with_best", "p_best_better",
         "recommended", "fit_s", "latency_ms", "size_bytes", "parity"]
    )  # fmt: skip
    for place, c in enumerate(board, 1):
        told = [
            value
            for m in metrics
            for s in [c.holdout.get(m)]
            for value in ((s.value, s.low, s.high) if s else ("", "", ""))
        ]
        s = standings.get(c.id)
        tie = (s.tied, s.p_best_better, s.recommended) if s else (c.tied_with_best, None, False)
        folds = " ".join(repr(v) for v in c.folds)
        writer.writerow(
            [place, c.id, c.family, *told, folds, *tie, c.fit_s, c.latency_ms, c.size_bytes,
             c.parity]
        )  # fmt: skip
    return out.getvalue()


def csv_link(
    run: Run, board: Sequence[Candidate], standings: Mapping[str, Standing], t: Translator
) -> Markup:
    """A link that holds the file itself: nothing is asked of the server."""
    content = base64.b64encode(board_csv(board, standings).encode("utf-8-sig")).decode()
    return tag(
        "a",
        t.text("Download as CSV"),
        href=f"data:text/csv;charset=utf-8;base64,{content}",
        download=f"{run.id}-leaderboard.csv",
        class_="small fm-board-csv",
    )
