"""A question of 20 mixed columns, and bodies that ask it."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path
from typing import Any

CITIES = ("São Paulo", "Recife", "Belém", "Porto Alegre", "Manaus", "Curitiba")
PLANS = ("basic", "plus", "pro")
CHANNELS = tuple(f"channel {n}" for n in range(30))
BODIES = 50


def row(pick: random.Random) -> dict[str, Any]:
    """Twelve numbers, two booleans, four texts, two dates; one value in fifty missing."""
    made: dict[str, Any] = {f"amount_{n}": round(pick.lognormvariate(3, 1), 2) for n in range(7)}
    made |= {f"count_{n}": pick.randint(0, 40) for n in range(5)}
    made |= {f"flag_{n}": pick.random() < 0.3 for n in range(2)}
    made |= {
        "city": pick.choice(CITIES),
        "plan": pick.choice(PLANS),
        "channel": pick.choice(CHANNELS),
        "segment": f"s{pick.randint(1, 9)}",
        "since": f"20{pick.randint(10, 23)}-{pick.randint(1, 12):02d}-{pick.randint(1, 28):02d}",
        "seen": f"2024-{pick.randint(1, 12):02d}-{pick.randint(1, 28):02d}T1{pick.randint(0, 9)}",
    }
    return {k: None if pick.random() < 0.02 else v for k, v in made.items()}


def risk(made: dict[str, Any], pick: random.Random) -> bool:
    score = (made["amount_0"] or 0) / 40 - (made["count_1"] or 0) / 20
    score += (made["city"] == "Recife") + (made["plan"] == "pro") + pick.gauss(0, 0.5)
    return score > 0.6


def training_csv(rows: int = 8000, seed: int = 3) -> bytes:
    pick, out = random.Random(seed), io.StringIO(newline="")
    writer = csv.writer(out)
    for n in range(rows):
        made = row(pick)
        if n == 0:
            writer.writerow([*made, "left"])
        cells = ["" if v is None else v for v in made.values()]
        cells = [str(c).lower() if isinstance(c, bool) else c for c in cells]
        writer.writerow([*cells, "yes" if risk(made, pick) else "no"])
    return out.getvalue().encode()


def bodies(rows: int, seed: int = 11) -> list[str]:
    pick = random.Random(seed)
    return [
        json.dumps({"rows": [row(pick) for _ in range(rows)]}, ensure_ascii=False)
        for _ in range(BODIES)
    ]


def write_script(path: Path, texts: list[str], headers: dict[str, str]) -> None:
    """A Lua script with which wrk sends the bodies in turn."""
    lines = ["local bodies = {"]
    lines += [f"  [=====[{text}]=====]," for text in texts]
    lines += ["}", "local i = 0", 'wrk.method = "POST"']
    lines += [f'wrk.headers["{k}"] = "{v}"' for k, v in headers.items()]
    lines += [
        "request = function()",
        "  i = i % #bodies + 1",
        "  return wrk.format(nil, nil, nil, bodies[i])",
        "end",
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
