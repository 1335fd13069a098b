"""A small neural network as plain matrix products."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto

from freemlops.engine.families.neural import Front, Layers, NeuralModel

if TYPE_CHECKING:
    from freemlops.engine.export.graph import Graph


def add_neural(graph: Graph, matrix: str, model: NeuralModel) -> str:
    """Probabilities of the classes seen, or values [rows, 1]."""
    ready = graph.add("Cast", _front(graph, matrix, model.front), to=TensorProto.DOUBLE)
    classes = hasattr(model, "classes_")
    parts = []
    for layers in model.nets:
        raw = _forward(graph, ready, layers)
        parts.append(_chances(graph, raw, layers) if classes else raw)
    mean = graph.add("Mul", graph.add("Sum", *parts), graph.number(1 / len(parts)))
    if not classes:
        scaled = graph.add("Mul", mean, graph.number(model.scale))
        mean = graph.add("Add", scaled, graph.number(model.middle))
    return graph.add("Cast", mean, to=TensorProto.FLOAT)


def _front(graph: Graph, matrix: str, front: Front) -> str:
    parts = []
    if len(front.numbers):
        values = graph.add("Gather", matrix, graph.constant(front.numbers.astype(np.int64)), axis=1)
        centred = graph.add("Sub", values, graph.constant(front.middle.reshape(1, -1)))
        squashed = graph.add(
            "Asinh", graph.add("Div", centred, graph.constant(front.scale.reshape(1, -1)))
        )
        zero = graph.constant(np.array([0.0], np.float32))
        parts.append(graph.add("Where", graph.add("IsNaN", squashed), zero, squashed))
    if len(front.gaps):
        picked = graph.add("Gather", matrix, graph.constant(front.gaps.astype(np.int64)), axis=1)
        parts.append(graph.add("Cast", graph.add("IsNaN", picked), to=TensorProto.FLOAT))
    for place, levels in front.codes:
        if levels.size:
            place_name = graph.constant(np.array([place], np.int64))
            code = graph.add("Gather", matrix, place_name, axis=1)
            same = graph.add("Equal", code, graph.constant(levels.astype(np.float32)))
            parts.append(graph.add("Cast", same, to=TensorProto.FLOAT))
    return graph.add("Concat", *parts, axis=1) if len(parts) > 1 else parts[0]


def _forward(graph: Graph, made: str, layers: Layers) -> str:
    for place, (weights, bias) in enumerate(layers):
        held = [graph.constant(v.astype(np.float64)) for v in (weights, bias)]
        made = graph.add("Gemm", made, *held)
        if place < len(layers) - 1:
            made = graph.add("Relu", made)
    return made


def _chances(graph: Graph, raw: str, layers: Layers) -> str:
    if layers[-1][0].shape[1] > 1:
        return graph.add("Softmax", raw, axis=1)
    second = graph.add("Sigmoid", raw)
    return graph.add("Concat", graph.add("Sub", graph.number(1.0), second), second, axis=1)
