"""The proof of a bundle, done again on this machine."""

from __future__ import annotations

import math

import numpy as np

from freemlops.domain.errors import FreeMLOpsError, ImportRefusedError
from freemlops.engine.predict import Predictor
from freemlops.serving.bundle import Bundle

TOLERANCE = 1e-5


def replay(bundle: Bundle) -> tuple[Predictor, float]:
    """The loaded model, and the largest difference between its answers to the sample rows and
    those that they should have; values count in units of their spread.

    Raises `ImportRefusedError` when the model can't be loaded, does not answer the rows, or
    answers otherwise by more than `TOLERANCE`.
    """
    outputs = np.asarray(bundle.samples.outputs, np.float64)
    classes = len(bundle.signature.classes)
    if outputs.ndim != 2 or not len(outputs) or outputs.shape[1] != max(1, classes):
        raise ImportRefusedError("The sample rows of the bundle do not fit its model.")
    predictor = load(bundle)
    try:
        made = predictor.predict(bundle.samples.columns, len(outputs))
    except FreeMLOpsError as error:
        raise ImportRefusedError(
            "The model does not answer the bundle's own sample rows: {problem}",
            problem=error.message.english(),
        ) from error
    except Exception as error:  # a foreign graph may fail in any way
        raise _broken(error) from error
    chances = made.probabilities
    answers = np.asarray(made.values, np.float64).reshape(-1, 1) if chances is None else chances
    if answers.shape != outputs.shape:
        raise ImportRefusedError("The sample rows of the bundle do not fit its model.")
    scale = 1.0
    if not classes:
        scale = float(max(np.std(outputs), np.abs(outputs).mean() * 1e-2, 1e-12))
    worst = float(np.abs(answers - outputs).max()) / scale
    if not math.isfinite(worst) or worst > TOLERANCE:
        raise ImportRefusedError(
            "The model answers the bundle's own sample rows otherwise than it should, by up to "
            "{difference}.",
            difference=worst,
        )
    return predictor, worst


def load(bundle: Bundle) -> Predictor:
    """Raises `ImportRefusedError` when onnxruntime can't load it, or its inputs are not those of
    the signature."""
    try:
        predictor = Predictor(bundle.model, bundle.signature)
    except Exception as error:  # onnxruntime raises its own kinds, one for each reason
        raise _broken(error) from error
    if not predictor.fits_signature:
        raise ImportRefusedError("The inputs of the model are not those of its signature.")
    return predictor


def _broken(error: Exception) -> ImportRefusedError:
    return ImportRefusedError("The model can't be run: {problem}.", problem=str(error)[:200])
