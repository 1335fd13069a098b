"""A trained model as a skops file: what is in it can be read and judged before it is loaded.

Needs the package skops (extra `skops`). Whoever loads the file needs Free MLOps as for the pickle:

    from freemlops.engine.export.skops_file import load
    model = load("loans.skops")
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from freemlops.domain.dataset import ColumnType
from freemlops.domain.errors import ExportError
from freemlops.domain.model import Signature
from freemlops.engine.export.pipeline import TrainedModel
from freemlops.engine.preprocess.inputs import Encoding, Input

_OURS = "freemlops"
TRUSTED: Final = (
    "collections.OrderedDict",
    "lightgbm.basic.Booster",
    "lightgbm.sklearn.LGBMClassifier",
    "lightgbm.sklearn.LGBMRegressor",
    "numpy.dtype",
    "sklearn.tree._tree.Tree",
    "xgboost.core.Booster",
    "xgboost.sklearn.XGBClassifier",
    "xgboost.sklearn.XGBRegressor",
    f"{_OURS}.domain.model.Signature",
    f"{_OURS}.domain.model.SignatureColumn",
    f"{_OURS}.engine.export.pipeline.Member",
    f"{_OURS}.engine.export.pipeline.TrainedModel",
    f"{_OURS}.engine.families.adapted.Logged",
    f"{_OURS}.engine.families.adapted.Picked",
    f"{_OURS}.engine.families.constant.ConstantModel",
    f"{_OURS}.engine.families.linear._wide",
    f"{_OURS}.engine.families.neural.Front",
    f"{_OURS}.engine.families.neural.NeuralModel",
    f"{_OURS}.engine.families.xgb.Centred",
    f"{_OURS}.engine.preprocess.inputs.Input",
    f"{_OURS}.engine.preprocess.preparation.Levels",
    f"{_OURS}.engine.preprocess.preparation.Preparation",
    f"{_OURS}.engine.preprocess.text.Words",
)
"""All that our models are made of beside what skops itself trusts. A file that asks for more is
refused."""


def dump(model: TrainedModel) -> bytes:
    """Raises `ExportError` when the model holds what skops would not load again."""
    import skops.io

    made: bytes = skops.io.dumps(model)
    strange = sorted(set(skops.io.get_untrusted_types(data=made)) - set(TRUSTED))
    if strange:
        raise ExportError("The model holds a type that is not trusted: {type}.", type=strange[0])
    return made


def load(file: str | Path | bytes) -> TrainedModel:
    """Raises skops' `UntrustedTypesFoundException` for a file with other types in it."""
    import skops.io

    content = file if isinstance(file, bytes) else Path(file).read_bytes()
    asked = set(skops.io.get_untrusted_types(data=content))
    return _restored(skops.io.loads(content, trusted=sorted(asked & set(TRUSTED))))


def _restored(model: TrainedModel) -> TrainedModel:
    """skops writes an enumeration's member as its bare text; here it is one again."""
    inputs = tuple(
        Input(i.name, ColumnType(i.type), Encoding(i.encoding)) for i in model.preparation.inputs
    )
    return replace(
        model,
        signature=msgspec.convert(msgspec.to_builtins(model.signature), Signature),
        preparation=replace(model.preparation, inputs=inputs),
    )


def prove(model: TrainedModel, content: bytes, columns: dict[str, list[Any]]) -> None:
    """Raises `ExportError` unless the loaded file gives the model's own answers, bit for bit."""
    ours, theirs = _answers(model, columns), _answers(load(content), columns)
    if not np.array_equal(ours, theirs):
        raise ExportError(
            "The exported model answers differently by up to {difference}.",
            difference=float(np.abs(ours - theirs).max()),
        )


def _answers(model: TrainedModel, columns: dict[str, list[Any]]) -> Any:
    return model.predict_proba(columns)


def main(pickle: str, recipe: str, target: str) -> None:
    """Turn a pickle that this warehouse made into a skops file, in a process of its own."""
    import joblib

    model: TrainedModel = joblib.load(pickle)
    content = dump(model)
    prove(model, content, json.loads(Path(recipe).read_bytes())["samples"]["columns"])
    Path(target).write_bytes(content)


if __name__ == "__main__":
    main(*sys.argv[1:])
