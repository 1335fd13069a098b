"""The linear models as nodes in float64: fill, scale, one column for each code, and the sum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto
from sklearn.pipeline import Pipeline

if TYPE_CHECKING:
    from freemlops.engine.export.graph import Graph


def add_linear(graph: Graph, matrix: str, model: Pipeline) -> str:
    """Probabilities [rows, classes seen] or values [rows, 1] of `families.linear`, in float32."""
    wide = graph.add("Cast", matrix, to=TensorProto.DOUBLE)
    parts: list[str] = []
    for name, steps, places in model.named_steps["columntransformer"].transformers_:
        if name != "remainder":
            filled = _filled(graph, wide, steps[0], places)
            parts += (
                [_scaled(graph, filled, steps[1])]
                if name == "numbers"
                else _one_hot(graph, filled, steps[1])
            )
    last = model[-1]
    weights = _double(graph, np.atleast_2d(last.coef_).T)
    whole = graph.add("Concat", *parts, axis=1)
    start = _double(graph, np.atleast_1d(last.intercept_))
    total = graph.add("Add", graph.add("MatMul", whole, weights), start)
    count = len(getattr(last, "classes_", ()))
    if count == 2:
        chance = graph.add("Sigmoid", total)
        return both(graph, graph.add("Cast", chance, to=TensorProto.FLOAT))
    if count > 2:
        total = graph.add("Softmax", total, axis=1)
    return graph.add("Cast", total, to=TensorProto.FLOAT)


def both(graph: Graph, second: str) -> str:
    """Probabilities of two classes from that of the second, in float32."""
    one = graph.constant(np.array([1.0], np.float32))
    return graph.add("Concat", graph.add("Sub", one, second), second, axis=1)


def _double(graph: Graph, values: NDArray[Any]) -> str:
    return graph.constant(np.asarray(values, np.float64))


def _filled(graph: Graph, wide: str, imputer: Any, places: list[int]) -> str:
    picked = graph.add("Gather", wide, graph.constant(np.array(places, np.int64)), axis=1)
    fill = _double(graph, np.asarray(imputer.statistics_, np.float64).reshape(1, -1))
    return graph.add("Where", graph.add("IsNaN", picked), fill, picked)


def _scaled(graph: Graph, filled: str, scaler: Any) -> str:
    moved = graph.add("Sub", filled, _double(graph, scaler.mean_.reshape(1, -1)))
    return graph.add("Div", moved, _double(graph, scaler.scale_.reshape(1, -1)))


def _one_hot(graph: Graph, filled: str, encoder: Any) -> list[str]:
    made = []
    for place, known in enumerate(encoder.categories_):
        column = graph.add("Gather", filled, graph.constant(np.array([place], np.int64)), axis=1)
        same = graph.add("Equal", column, _double(graph, known.reshape(1, -1)))
        made.append(graph.add("Cast", same, to=TensorProto.DOUBLE))
    return made
