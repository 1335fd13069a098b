"""What stands at the top of the script: whose model it is, how to run it, how exact it is."""

from __future__ import annotations

from collections.abc import Sequence

from freemlops.engine.export.script.facts import Facts, Recipe
from freemlops.engine.export.script.layout import wrapped

EXACT = {
    "random_forest": "The sum over a forest's trees runs in no fixed order on several threads: "
    "its answers are equal to about 1e-15.",
    "extra_trees": "The sum over a forest's trees runs in no fixed order on several threads: "
    "its answers are equal to about 1e-15.",
    "linear": "Solvers of linear algebra differ in the last digits from processor to processor: "
    "linear models and networks are equal bit for bit on one machine, and to about 1e-6 elsewhere.",
    "neural": "Solvers of linear algebra differ in the last digits from processor to processor: "
    "linear models and networks are equal bit for bit on one machine, and to about 1e-6 elsewhere.",
}


def heading(recipe: Recipe, facts: Facts, families: Sequence[str]) -> str:
    """As comments. Names out of the data are written by `repr`, so that none ends its line."""
    name = f"{facts.run} / {facts.candidate}"
    metric, score = facts.metric, recipe["figures"].get(facts.metric)
    held = f"{recipe['split']['holdout_share']:.0%} of the rows that it had not seen"
    trained = recipe["trained_on"]
    lines = [
        f"How the model {name!r} was made, without Free MLOps.",
        "",
        f"It predicts {recipe['target']['name']!r} from {len(recipe['inputs'])} columns of "
        f"{facts.filename!r} (data set {facts.dataset!r}).",
        f"On {held}, it had {metric} {score!r}.",
        f"The model that was exported learned from {trained}"
        + (", the holdout included." if trained == "all rows" else "."),
        "",
        f"Install: pip install {' '.join(_requirements(facts, families))}",
        "Run:     python model.py DATA.csv",
        "         python model.py DATA.csv --predict NEW.csv --output predictions.csv",
        "",
        *_exactness(families),
    ]
    if not facts.written.is_text:
        lines += ["", "The training file was no CSV. Save the table as one first: names in the "
                  "first line, decimal points, dates as 2026-01-31."]  # fmt: skip
    return "\n".join(f"# {part}".rstrip() for line in lines for part in wrapped(line))


def _exactness(families: Sequence[str]) -> list[str]:
    made = [
        "How exact: with these versions and the same number of threads, what is trained here "
        "equals the exported Python model (pickle) bit for bit, and its ONNX graph, which "
        "answers in single precision, within 1e-5."
    ]
    return made + list(dict.fromkeys(EXACT[f] for f in families if f in EXACT))


def _requirements(facts: Facts, families: Sequence[str]) -> list[str]:
    names = ["numpy", "pandas", "scikit-learn"]
    names += [n for f, n in (("lightgbm", "lightgbm"), ("xgboost", "xgboost-cpu"))
              if f in families]  # fmt: skip
    if "lightgbm" in families or "linear" in families:
        names.append("scipy")
    known = facts.libraries
    return [f"{n}=={known[n]}" if n in known else n for n in names]
