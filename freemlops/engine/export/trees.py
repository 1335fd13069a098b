"""Trees as one ONNX node, written from arrays: exact, and quick for large forests.

Thresholds lie on the float32 grid, and the leaves are summed in float64: a thousand sums in
float32 would be off by more than 1e-5 of the spread of the values.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import lightgbm as lgb
import numpy as np
import xgboost as xgb
from numpy.typing import NDArray
from onnx import AttributeProto, NodeProto, TensorProto, numpy_helper

from freemlops.engine.export.sets import CodeSets
from freemlops.engine.snap import floor32

if TYPE_CHECKING:
    from freemlops.engine.export.graph import Graph

_FIELD = re.compile(r"^(\w+)=(.*)$", re.MULTILINE)
_DEFAULT_LEFT = 2
_CATEGORICAL = 1
_MISSING_SHIFT = 2
_MISSING_IS_NAN = 2


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes by place: a split goes to `yes` when its feature is `<= threshold`.

    Leaves have `feature` -1. `missing_yes` is where NaN goes. `weights` [nodes, targets] counts
    at the leaves only.
    """

    feature: NDArray[np.int64]
    threshold: NDArray[np.float32]
    yes: NDArray[np.int64]
    no: NDArray[np.int64]
    missing_yes: NDArray[np.bool_]
    weights: NDArray[np.float64]


def add_trees(graph: Graph, matrix: str, trees: Sequence[Tree], targets: int) -> str:
    """The sum over the trees, [rows, targets]."""
    sizes = [len(t.feature) for t in trees]
    tree = np.repeat(np.arange(len(trees)), sizes)
    node = np.concatenate([np.arange(s) for s in sizes])
    feature = np.concatenate([t.feature for t in trees])
    leaf = feature < 0
    weights = np.concatenate([t.weights for t in trees])
    place, target = np.nonzero((weights != 0) & leaf[:, None])
    made = graph.name("trees")
    proto = NodeProto(
        op_type="TreeEnsembleRegressor",
        domain="ai.onnx.ml",
        name=made,
        input=[graph.add("Cast", matrix, to=TensorProto.DOUBLE)],
        output=[made],
    )
    modes = np.where(leaf, b"LEAF", b"BRANCH_LEQ")
    missing = np.concatenate([t.missing_yes for t in trees])
    whole = {
        "nodes_treeids": tree,
        "nodes_nodeids": node,
        "nodes_featureids": np.where(leaf, 0, feature),
        "nodes_truenodeids": np.concatenate([t.yes for t in trees]),
        "nodes_falsenodeids": np.concatenate([t.no for t in trees]),
        "nodes_missing_value_tracks_true": (missing & ~leaf).astype(np.int64),
        "target_treeids": tree[place],
        "target_nodeids": node[place],
        "target_ids": target,
    }
    for name, values in whole.items():
        _attribute(proto, name, AttributeProto.INTS).ints.extend(values.tolist())
    thresholds = np.where(leaf, 0, np.concatenate([t.threshold for t in trees]))
    _doubles(proto, "nodes_values_as_tensor", thresholds)
    _doubles(proto, "target_weights_as_tensor", weights[place, target])
    _attribute(proto, "nodes_modes", AttributeProto.STRINGS).strings.extend(modes.tolist())
    _attribute(proto, "aggregate_function", AttributeProto.STRING).s = b"SUM"
    _attribute(proto, "post_transform", AttributeProto.STRING).s = b"NONE"
    _attribute(proto, "n_targets", AttributeProto.INT).i = targets
    graph.nodes.append(proto)
    return made


def _attribute(node: NodeProto, name: str, type: Any) -> AttributeProto:
    made: AttributeProto = node.attribute.add()
    made.name, made.type = name, type
    return made


def _doubles(node: NodeProto, name: str, values: NDArray[Any]) -> None:
    made = numpy_helper.from_array(values.astype(np.float64), name)
    _attribute(node, name, AttributeProto.TENSOR).t.CopyFrom(made)


def forest_trees(forest: Any, classes: int) -> list[Tree]:
    """The trees of a fitted scikit-learn forest; binary ones give the second class only."""
    made = []
    for fitted in forest.estimators_:
        tree = fitted.tree_
        value = tree.value[:, 0, :] / len(forest.estimators_)
        leaf = tree.children_left < 0
        made.append(
            Tree(
                feature=np.where(leaf, -1, tree.feature).astype(np.int64),
                threshold=floor32(tree.threshold),
                yes=np.where(leaf, 0, tree.children_left).astype(np.int64),
                no=np.where(leaf, 0, tree.children_right).astype(np.int64),
                missing_yes=np.zeros(len(leaf), bool),
                weights=value[:, 1:] if classes == 2 else value,
            )
        )
    return made


def xgboost_trees(booster: xgb.Booster, classes: int) -> tuple[list[Tree], float]:
    """The trees of a booster of numeric splits, and the margin that the sums start from."""
    outputs = classes if classes > 2 else 1
    learner = json.loads(bytes(booster.save_raw("json")))["learner"]
    base = float(learner["learner_model_param"]["base_score"])
    if classes == 2:
        base = math.log(base / (1 - base))
    made = learner["gradient_booster"]["model"]
    outlets = made["tree_info"]
    return [_xgboost_tree(t, o, outputs) for t, o in zip(made["trees"], outlets, strict=True)], base


def _xgboost_tree(fields: dict[str, Any], output: int, outputs: int) -> Tree:
    left, right = (np.array(fields[f"{side}_children"], np.int64) for side in ("left", "right"))
    leaf = left < 0
    values = np.array(fields["split_conditions"], np.float32)
    weights = np.zeros((len(left), outputs))
    weights[leaf, output] = values[leaf]
    return Tree(
        feature=np.where(leaf, -1, np.array(fields["split_indices"], np.int64)),
        # `x < t` is `x <= ` the float32 before t.
        threshold=np.nextafter(values, np.float32(-np.inf)),
        yes=np.where(leaf, 0, left),
        no=np.where(leaf, 0, right),
        missing_yes=np.array(fields["default_left"], bool) & ~leaf,
        weights=weights,
    )


def lightgbm_trees(booster: lgb.Booster, classes: int) -> tuple[list[Tree], CodeSets]:
    """The trees of a snapped booster, and the sets of codes that their splits ask for."""
    outputs = classes if classes > 2 else 1
    text = booster.model_to_string().split("\nend of trees", 1)[0]
    parts = [dict(_FIELD.findall(part)) for part in text.split("\nTree=")[1:]]
    sets = CodeSets(booster.num_feature())
    keys = [_sets_of(fields, sets) for fields in parts]
    trees = [
        _lightgbm_tree(fields, asked, sets, place % outputs, outputs)
        for place, (fields, asked) in enumerate(zip(parts, keys, strict=True))
    ]
    return trees, sets


type _Key = tuple[int, frozenset[int]]


def _sets_of(fields: dict[str, str], sets: CodeSets) -> dict[int, _Key]:
    """By split, the set that it asks for."""
    if not int(fields.get("num_cat", "0")):
        return {}
    kind, feature, which = (
        _whole(fields, n) for n in ("decision_type", "split_feature", "threshold")
    )
    ends, words = _whole(fields, "cat_boundaries"), _whole(fields, "cat_threshold")
    return {
        int(split): sets.key(
            int(feature[split]), words[ends[which[split]] : ends[which[split] + 1]]
        )
        for split in np.flatnonzero(kind & _CATEGORICAL)
    }


def _whole(fields: dict[str, str], name: str) -> NDArray[np.int64]:
    return np.array(fields[name].split(), np.float64).astype(np.int64)


def _lightgbm_tree(
    fields: dict[str, str], asked: dict[int, _Key], sets: CodeSets, output: int, outputs: int
) -> Tree:
    leaves = np.array(fields["leaf_value"].split(), np.float64)
    splits = len(leaves) - 1
    total = splits + len(leaves)
    feature = np.full(total, -1, np.int64)
    threshold = np.zeros(total, np.float32)
    yes, no = np.zeros(total, np.int64), np.zeros(total, np.int64)
    missing = np.zeros(total, bool)
    if splits:
        kind = _whole(fields, "decision_type")
        feature[:splits] = _whole(fields, "split_feature")
        threshold[:splits] = floor32(np.array(fields["threshold"].split(), np.float64))
        for side, name in ((yes, "left_child"), (no, "right_child")):
            child = _whole(fields, name)
            side[:splits] = np.where(child < 0, splits - child - 1, child)
        # Without missing values in training, LightGBM takes NaN for 0.
        as_zero = threshold[:splits] >= 0
        nan_aware = kind >> _MISSING_SHIFT == _MISSING_IS_NAN
        missing[:splits] = np.where(nan_aware, (kind & _DEFAULT_LEFT) > 0, as_zero)
        for split, key in asked.items():
            # The column says 1 inside the set, where LightGBM goes left.
            feature[split], threshold[split] = sets.column(key), 0.5
            yes[split], no[split] = no[split], yes[split]
            missing[split] = False
    weights = np.zeros((total, outputs))
    weights[splits:, output] = leaves
    return Tree(feature, threshold, yes, no, missing, weights)
