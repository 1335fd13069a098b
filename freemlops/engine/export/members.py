"""Writes one fitted model into the graph; all share one pair of opsets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import lightgbm as lgb
import numpy as np
import xgboost as xgb
from onnx import TensorProto, helper
from sklearn.pipeline import Pipeline

from freemlops.engine.export.linear import add_linear, both
from freemlops.engine.export.neural import add_neural
from freemlops.engine.export.sets import add_sets
from freemlops.engine.export.trees import add_trees, forest_trees, lightgbm_trees, xgboost_trees
from freemlops.engine.families.adapted import Logged, Picked
from freemlops.engine.families.constant import ConstantModel
from freemlops.engine.families.neural import NeuralModel
from freemlops.engine.families.xgb import Centred

if TYPE_CHECKING:
    from freemlops.engine.export.graph import Graph

OPSETS = {"": 18, "ai.onnx.ml": 3}


def add_member(graph: Graph, matrix: str, model: Any, classes: int) -> str:
    """Graft `model`; gives the name of its probabilities [rows, classes] or values [rows, 1]."""
    if isinstance(model, Logged):
        return _logged(graph, add_member(graph, matrix, model.model, 0), model)
    if isinstance(model, Picked):
        places = graph.constant(model.places.astype(np.int64))
        picked = graph.add("Gather", matrix, places, axis=1)
        return add_member(graph, picked, model.model, classes)
    if isinstance(model, ConstantModel):
        return _constant(graph, matrix, model)
    if isinstance(model, NeuralModel):
        made = add_neural(graph, matrix, model)
    elif isinstance(model, (lgb.LGBMClassifier, lgb.LGBMRegressor)):
        made = _lightgbm(graph, matrix, model, classes)
    elif isinstance(model, (xgb.XGBClassifier, Centred)):
        made = _xgboost(graph, matrix, model, classes)
    elif isinstance(model, Pipeline) and "forest" in model.named_steps:
        made = _forest(graph, matrix, model, classes)
    else:
        made = add_linear(graph, matrix, model)
    if not classes:
        return graph.add("Reshape", made, graph.constant(np.array([-1, 1], np.int64)))
    seen = np.asarray(model.classes_, np.intp)
    if len(seen) == classes:
        return made
    place = np.zeros((len(seen), classes), np.float32)
    place[np.arange(len(seen)), seen] = 1.0
    return graph.add("MatMul", made, graph.constant(place))


def _logged(graph: Graph, made: str, model: Logged) -> str:
    """In float64, as an exponential makes much of a small difference."""
    wide = graph.add("Cast", made, to=TensorProto.DOUBLE)
    ends = (graph.constant(np.array(v, np.float64)) for v in (model.low, model.high))
    raised = graph.add("Exp", graph.add("Clip", wide, *ends))
    return graph.add("Sub", raised, graph.number(1.0))


def _lightgbm(graph: Graph, matrix: str, model: Any, classes: int) -> str:
    count = len(model.classes_) if classes else 0
    trees, sets = lightgbm_trees(model.booster_, count)
    whole = add_sets(graph, matrix, sets)
    total = add_trees(graph, whole, trees, count if count > 2 else 1)
    return _linked(graph, total, count)


def _xgboost(graph: Graph, matrix: str, model: Any, classes: int) -> str:
    inner = model.model if isinstance(model, Centred) else model
    count = len(inner.classes_) if classes else 0
    trees, start = xgboost_trees(inner.get_booster(), count)
    total = add_trees(graph, matrix, trees, count if count > 2 else 1)
    if isinstance(model, Centred):
        start += model.centre
    if start:
        wide = graph.add("Cast", total, to=TensorProto.DOUBLE)
        moved = graph.add("Add", wide, graph.number(start))
        total = graph.add("Cast", moved, to=TensorProto.FLOAT)
    return _linked(graph, total, count)


def _linked(graph: Graph, total: str, count: int) -> str:
    """Sums as probabilities of `count` classes; as they are when there are none."""
    if not count:
        return total
    if count > 2:
        return graph.add("Softmax", total, axis=1)
    return both(graph, graph.add("Sigmoid", total))


def _forest(graph: Graph, matrix: str, model: Pipeline, classes: int) -> str:
    """Missing values become the medians first, as they did in training."""
    forest = model.named_steps["forest"]
    medians = np.asarray(model.named_steps["fill"].statistics_, np.float32).reshape(1, -1)
    filled = graph.add("Where", graph.add("IsNaN", matrix), graph.constant(medians), matrix)
    count = len(forest.classes_) if classes else 0
    outputs = 1 if count in (0, 2) else count
    total = add_trees(graph, filled, forest_trees(forest, count), outputs)
    return both(graph, total) if count == 2 else total


def _constant(graph: Graph, matrix: str, model: ConstantModel) -> str:
    shape = graph.name("shape")
    graph.nodes.append(helper.make_node("Shape", [matrix], [shape], name=shape, start=0, end=1))
    width = graph.constant(np.array([len(model.answer)], np.int64))
    answer = graph.constant(model.answer.reshape(1, -1).astype(np.float32))
    return graph.add("Expand", answer, graph.add("Concat", shape, width, axis=0))
