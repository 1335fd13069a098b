"""Puts the pieces together. Whatever comes from the data is written by `repr`, never as code."""

from __future__ import annotations

from freemlops.domain.cell import FALSE, MISSING, TRUE
from freemlops.engine.export.script import learning, preparing, reading, running
from freemlops.engine.export.script.facts import Facts, Recipe
from freemlops.engine.export.script.heading import heading
from freemlops.engine.export.script.layout import assigned, listed, named, words_set

FOREST = {
    "random_forest": ("Random forest", "RandomForest"),
    "extra_trees": ("Extremely randomised trees", "ExtraTrees"),
}


def render(recipe: Recipe, facts: Facts) -> str:
    """The script as text, ending with a line break."""
    made = Rendering(recipe, facts)
    parts = [
        heading(recipe, facts, made.families),
        made.imports(),
        made.constants(),
        *made.functions(),
        made.main(),
    ]
    return "\n\n".join(p.strip("\n") + "\n" for p in parts)


class Rendering:
    """One script under construction."""

    def __init__(self, recipe: Recipe, facts: Facts) -> None:
        self._recipe = recipe
        self._facts = facts
        members = [*recipe["members"], *recipe["measured"]]
        self.families = list(dict.fromkeys(m["family"] for m in members))
        self._logs = any(m["params"].get("log_target") for m in members)
        self._classes: list[str] = recipe["target"]["classes"]
        self._encodings = [i["encoding"] for i in recipe["inputs"]]
        self._types = {c["name"]: c["type"] for c in recipe["columns"]}
        self._target: str = recipe["target"]["name"]
        used = [i["name"] for i in recipe["inputs"]]
        self._used = [*used, self._target]
        if recipe["split"]["column"]:
            self._used.append(recipe["split"]["column"])

    @property
    def _coded(self) -> bool:
        return "code" in self._encodings or "mean" in self._encodings

    def imports(self) -> str:
        third = ["import numpy as np", "import pandas as pd"]
        if "lightgbm" in self.families:
            third.append("import lightgbm as lgb")
        if "xgboost" in self.families:
            third.append("import xgboost as xgb")
        own = ["import argparse", "import math"]
        if self._has("integer", "decimal"):
            own.append("import re")
        if "neural" in self.families:
            own.append("import warnings")
        if self._has("date", "datetime"):
            own.append("from datetime import datetime, timezone")
        kind = "Classifier" if self._classes else "Regressor"
        forests = [f"{FOREST[f][1]}{kind}" for f in self.families if f in FOREST]
        if forests:
            third.append(f"from sklearn.ensemble import {', '.join(sorted(forests))}")
        if forests or "linear" in self.families:
            third.append("from sklearn.impute import SimpleImputer")
            third.append("from sklearn.pipeline import make_pipeline")
        if "linear" in self.families:
            model = "LogisticRegression" if self._classes else "Ridge"
            third += [
                "from sklearn.compose import ColumnTransformer",
                f"from sklearn.linear_model import {model}",
                "from sklearn.preprocessing import OneHotEncoder, StandardScaler",
            ]
        if "neural" in self.families:
            third.append(f"from sklearn.neural_network import MLP{kind}")
        return "\n".join([*own, "", *sorted(third, key=lambda line: (line[:4] == "from", line))])

    def _has(self, *types: str) -> bool:
        return any(self._types[n] in types for n in self._used)

    def constants(self) -> str:
        recipe, written = self._recipe, self._facts.written
        made = [
            "# How the file is written.",
            f"ENCODING = {written.encoding!r}",
            f"SEPARATOR = {written.separator!r}",
            words_set("MISSING", MISSING | {"#n/a", "#n/d", "n/d", "--"}),
            'MISSING_TEXT = MISSING - {"none"}  # "None" may well be a word',
        ]
        if self._has("boolean"):
            made += [words_set("YES", TRUE | {"v", "on"})]
            made += [words_set("NO", FALSE | {"off"})]
        if self._has("date", "datetime"):
            made += [assigned("DAYS", reading.DAYS[written.date_order])]
            made += [assigned("CLOCKS", reading.CLOCKS)]
        made += [
            "",
            "# What each column holds, and which are learned from: numbers as they are, dates as",
            "# their parts, texts as codes or as means of what is predicted.",
            assigned("COLUMNS", self._types),
            assigned("INPUTS", {i["name"]: i["encoding"] for i in recipe["inputs"]}),
            f"TARGET = {self._target!r}",
        ]
        if self._classes:
            made.append(assigned("CLASSES", self._classes))
        made += [
            "",
            "# The same seed and threads give the same rows, the same trees and the same answers.",
            f"SEED = {recipe['seed']!r}",
            f"THREADS = {recipe['threads']!r}",
            f"HOLDOUT_SHARE = {recipe['split']['holdout_share']!r}",
        ]
        if recipe["split"]["column"]:
            made.append(f"SPLIT_COLUMN = {recipe['split']['column']!r}")
        if self._tempers:
            made.append(f"TEMPERATURE = {recipe['temperature']!r}")
        made += ["", "# The parts of the model, with their shares in the answer."]
        made.append(listed("MEMBERS", recipe["members"]))
        if recipe["measured"]:
            made += ["# What was measured on the holdout: the same parts, from the other rows."]
            made.append(listed("MEASURED", recipe["measured"]))
        else:
            made.append("MEASURED = MEMBERS")
        made += ["", "# What the file must add up to: that of the training and no other."]
        made.append(assigned("CHECK", recipe["check"]))
        return "\n".join(made)

    @property
    def _tempers(self) -> bool:
        return bool(self._classes) and self._recipe["temperature"] != 1.0

    def functions(self) -> list[str]:
        return [*self._reading(), *self._cutting(), *self._preparing(), *self._learning()]

    def _reading(self) -> list[str]:
        written = self._facts.written
        parsers = {"text": "text"}
        made = [reading.TEXT]
        numeric_target = not self._classes or self._types[self._target] in ("integer", "decimal")
        if self._has("integer", "decimal"):
            parsers |= {"integer": "number", "decimal": "number"}
            strip = [reading.COMMA if written.decimal == "," else reading.POINT]
            if written.has_units:
                strip.insert(0, reading.DRESSED)
                made.append(reading.UNDRESS)
            body = reading.NUMBER.format(strip="\n    ".join(strip))
            made.append(
                body.replace("return float(cell)", "return sign * float(cell)")
                if written.has_units
                else body
            )
        if self._has("boolean"):
            parsers["boolean"] = "truth"
            made.append(reading.TRUTH)
        if self._has("date", "datetime"):
            parsers |= {"date": "seconds", "datetime": "seconds"}
            made.append(reading.SECONDS)
        header = f"header={written.header!r}" + (
            ", skip_blank_lines=True" if written.header else ""
        )
        made.append(named("PARSERS", parsers))
        made.insert(0, reading.READ.format(header=header))
        if numeric_target:
            made.append(reading.WIDE)
        if self._classes:
            type = self._types[self._target]
            kind = type if type in ("text", "boolean") else "number"
            made.append(reading.LABELS.format(body=reading.LABEL_BODIES[kind]))
        return [*made, reading.CHECK]

    def _cutting(self) -> list[str]:
        match self._recipe["split"]["kind"]:
            case "time":
                return [preparing.SPLIT_TIME]
            case "group":
                return [preparing.SPLIT_GROUP]
            case _ if self._classes:
                return [preparing.DEAL, preparing.SPLIT_RANDOM_CLASSES]
            case _:
                return [preparing.DEAL, preparing.SPLIT_RANDOM_VALUES]

    def _preparing(self) -> list[str]:
        made = []
        by_group = self._recipe["split"]["kind"] == "group"
        if self._coded or by_group:
            made.append(preparing.CODES)
        if self._coded:
            made += [preparing.MEANS, preparing.LEVELS]
        dates, means = "date" in self._encodings, "mean" in self._encodings
        if dates:
            made.append(preparing.DATE)
        goal = preparing.GOAL_MANY if len(self._classes) > 2 else preparing.GOAL_ONE
        head = preparing.PREPARE_HEAD.format(goal=goal if self._coded else "")
        head += preparing.PREPARE_DATE if dates else ""
        head += preparing.PREPARE_CODE if "code" in self._encodings else ""
        head += preparing.PREPARE_MEAN if means else ""
        widths = '{"number": 1, "date": 7, "code": 1}.get(encoding) or len(learned[name][1])'
        tail = preparing.PREPARE_TAIL.format(
            date=preparing.TAIL_DATE if dates else "",
            text=preparing.TAIL_TEXT if self._coded else "",
            cross=preparing.CROSS.format(widths=widths) if means else "",
        )
        return [*made, head + tail]

    def _learning(self) -> list[str]:
        classes = bool(self._classes)
        made = [learning.ANSWERS_CLASSES if classes else learning.ANSWERS_VALUES]
        if set(self.families) == {"constant"}:
            made = []
        made += [self._family(f) for f in self.families]
        columns = "mean" in self._encodings
        if columns:
            made.append(learning.COLUMNS_FOR)
        made.append(named("FITS", {f: f"fit_{f}" for f in self.families}))
        made.append(
            learning.FIT.format(
                logs=learning.FIT_LOGS if self._logs else "",
                columns=learning.FIT_COLUMNS if columns else "",
                picks=learning.FIT_PICKS if columns else "",
                raises=learning.FIT_RAISES if self._logs else "",
            )
        )
        made.append(learning.TRAIN.format(temper=learning.TEMPER if self._tempers else ""))
        return made

    def _family(self, family: str) -> str:
        classes = bool(self._classes)
        kind = "Classifier" if classes else "Regressor"
        match family:
            case "constant":
                body = learning.CONSTANT_CLASSES if classes else learning.CONSTANT_VALUE
                return learning.CONSTANT.format(body=body)
            case "linear":
                what, model = learning.LINEAR_MODELS[classes]
                return learning.LINEAR.format(what=what, model=model)
            case "lightgbm":
                return learning.LIGHTGBM.format(kind=f"LGBM{kind}")
            case "xgboost":
                return learning.XGBOOST_CLASSES if classes else learning.XGBOOST_VALUES
            case "neural":
                return learning.NEURAL.format(
                    ending=learning.NEURAL_CLASSES if classes else learning.NEURAL_VALUES,
                    kind=f"MLP{kind}",
                    fitted="y, classes=np.unique(y)"
                    if classes
                    else "((y - y.mean()) / (y.std() or 1.0)).astype(np.float32)",
                )
            case _:
                what, name = FOREST[family]
                return learning.FOREST.format(family=family, what=what, kind=f"{name}{kind}")

    def main(self) -> str:
        return running.MAIN.format(
            goal=running.MAIN_CLASSES if self._classes else running.MAIN_VALUES,
            told=running.TOLD_CLASSES if self._classes else running.TOLD_VALUES,
            columns=running.COLUMNS_CLASSES if self._classes else running.COLUMNS_VALUES,
            final="train(MEMBERS, cells, y)" if self._recipe["measured"] else "measured",
        )
