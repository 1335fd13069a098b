"""Small neural networks, grown epoch by epoch, on squashed numbers and one column for each code."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.neural_network import MLPClassifier, MLPRegressor

from freemlops.engine.families.base import Guard, Matrix, Params, Shape, Watched, outputs

type Layers = tuple[tuple[NDArray[np.float32], NDArray[np.float32]], ...]
MAX_EPOCHS = 120
PATIENCE = 12
NETS = 3
"""A fitted model is the mean of this many networks, which differ by where they began."""


@dataclass(frozen=True, slots=True)
class Front:
    """Numbers less their median, by their spread, through asinh, so that no outlier shouts;
    missing ones are 0 and told by a column. Codes become one column for each level."""

    numbers: NDArray[np.intp]
    middle: NDArray[np.float32]
    scale: NDArray[np.float32]
    gaps: NDArray[np.intp]
    codes: tuple[tuple[int, NDArray[np.float32]], ...]

    def __call__(self, x: Matrix) -> Matrix:
        values = x[:, self.numbers]
        squashed = np.arcsinh((values - self.middle) / self.scale)
        parts = [np.nan_to_num(squashed, nan=0.0), np.isnan(x[:, self.gaps])]
        parts += [x[:, [place]] == levels for place, levels in self.codes]
        return np.concatenate([p.astype(np.float32) for p in parts], axis=1)


def fit_front(x: Matrix, categorical: Sequence[int]) -> Front:
    numbers = np.setdiff1d(np.arange(x.shape[1]), categorical).astype(np.intp)
    values = x[:, numbers]
    hollow = np.isnan(values).all(axis=0)
    safe = np.where(hollow, np.float32(0), values)
    low, middle, high = np.nanpercentile(safe, [25, 50, 75], axis=0).astype(np.float32)
    wide = np.nanstd(safe.astype(np.float64), axis=0).astype(np.float32)
    scale = np.where(high > low, (high - low) / 1.35, wide)
    scale = np.where(np.isfinite(scale) & (scale > 1e-12), scale, 1).astype(np.float32)
    gaps = numbers[np.isnan(values).any(axis=0) & ~hollow]
    codes = []
    for place in categorical:
        found = np.unique(x[:, place])
        codes.append((int(place), found[~np.isnan(found)].reshape(1, -1)))
    return Front(numbers, middle, scale, gaps, tuple(codes))


class NeuralModel:
    """The mean of a few networks. `classes_` are those seen; `scale` turns values back.

    `epochs` is how long each network was trained; the clock may have ended one early.
    """

    def __init__(
        self,
        front: Front,
        nets: Sequence[Layers],
        classes: NDArray[np.int64] | None,
        middle: float = 0.0,
        scale: float = 1.0,
        epochs: Sequence[int] = (),
    ) -> None:
        self.front = front
        self.nets = tuple(nets)
        self.middle = middle
        self.scale = scale
        self.epochs = tuple(epochs)
        if classes is not None:
            self.classes_ = classes

    def predict(self, x: Matrix) -> NDArray[Any]:
        if hasattr(self, "classes_"):
            return np.asarray(self.classes_[self.predict_proba(x).argmax(axis=1)])
        raw = np.mean([forward(n, self.front(x))[:, 0] for n in self.nets], axis=0)
        return np.asarray(raw, np.float64) * self.scale + self.middle

    def predict_proba(self, x: Matrix) -> NDArray[np.float64]:
        ready = self.front(x)
        made = [_chances(forward(n, ready)) for n in self.nets]
        return np.asarray(np.mean(made, axis=0), np.float64)


def forward(layers: Layers, x: NDArray[Any]) -> NDArray[np.float64]:
    """The last layer's values before any squashing, summed in double as the graph does."""
    x = x.astype(np.float64)
    for place, (weights, bias) in enumerate(layers):
        x = x @ weights + bias
        if place < len(layers) - 1:
            x = np.maximum(x, 0)
    return np.asarray(x, np.float64)


def _chances(raw: NDArray[np.float64]) -> NDArray[np.float64]:
    """[rows, classes]: one output is the log odds of the second class."""
    wide = raw
    if wide.shape[1] == 1:
        wide = np.concatenate([np.zeros_like(wide), wide], axis=1)
    made = np.exp(wide - wide.max(axis=1, keepdims=True))
    return np.asarray(made / made.sum(axis=1, keepdims=True))


class Neural:
    name = "neural"

    def portfolio(self, shape: Shape) -> list[dict[str, Any]]:
        default: dict[str, Any] = {
            "n_estimators": 30,
            "width": 64,
            "layers": 2,
            "alpha": 1e-3,
            "learning_rate": 2e-3,
        }
        return [default, default | {"width": 128, "layers": 1, "alpha": 0.1}]

    def fit(
        self, params: Params, x: Matrix, y: NDArray[Any], shape: Shape, guard: Guard
    ) -> NeuralModel:
        front = fit_front(x, shape.categorical)
        nets: list[Layers] = []
        epochs: list[int] = []
        for seed in range(NETS):
            grown = _grow(params, front(x), y, shape, shape.seed + seed)
            epochs.append(0)
            for _ in range(int(params["n_estimators"])):
                layers = next(grown)
                epochs[-1] += 1
                if guard.enough():
                    break
            nets.append(layers)
            if guard.enough():
                break
        return _model(front, nets, y, shape, epochs)

    def watch(
        self,
        params: Params,
        fold: tuple[Matrix, NDArray[Any]],
        valid: tuple[Matrix, NDArray[Any]],
        shape: Shape,
        guard: Guard,
    ) -> Watched:
        x, y = fold
        front = fit_front(x, shape.categorical)
        epochs: list[Layers] = []
        curve: list[float] = []
        for layers in _grow(params, front(x), y, shape, shape.seed):
            guard.check()
            epochs.append(layers)
            curve.append(_loss(_model(front, [layers], y, shape), valid, shape.classes))
            best = int(np.argmin(curve))
            if len(curve) - best > PATIENCE or len(curve) >= MAX_EPOCHS or guard.enough():
                break
        cut = time.monotonic() >= guard.until
        return Watched(_model(front, epochs, y, shape), np.asarray(curve), cut)

    def outputs_at(self, model: Any, x: Matrix, rounds: int, classes: int) -> NDArray[np.float64]:
        """The model's `nets` are one network after each epoch here."""
        known = getattr(model, "classes_", None)
        net = model.nets[min(rounds, len(model.nets)) - 1]
        then = NeuralModel(model.front, [net], known, model.middle, model.scale)
        return outputs(then, x, classes)


def _grow(params: Params, x: Matrix, y: NDArray[Any], shape: Shape, seed: int) -> Iterator[Layers]:
    """The network after each epoch, without an end."""
    kind = MLPClassifier if shape.is_classification else MLPRegressor
    net = kind(
        hidden_layer_sizes=(int(params["width"]),) * int(params["layers"]),
        alpha=float(params["alpha"]),
        learning_rate_init=float(params["learning_rate"]),
        batch_size=int(min(len(x), max(32, min(256, len(x) // 40)))),
        random_state=seed,
    )
    goal = y
    if not shape.is_classification:
        goal = ((y - y.mean()) / (y.std() or 1.0)).astype(np.float32)
    classes = {"classes": np.unique(y)} if shape.is_classification else {}
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            net.partial_fit(x, goal, **classes)
        pairs = zip(net.coefs_, net.intercepts_, strict=True)
        yield tuple((w.astype(np.float32), b.astype(np.float32)) for w, b in pairs)


def _model(
    front: Front,
    nets: Sequence[Layers],
    y: NDArray[Any],
    shape: Shape,
    epochs: Sequence[int] = (),
) -> NeuralModel:
    if shape.is_classification:
        return NeuralModel(front, nets, np.unique(y), epochs=epochs)
    middle, scale = float(y.mean()), float(y.std()) or 1.0
    return NeuralModel(front, nets, None, middle, scale, epochs)


def _loss(model: NeuralModel, valid: tuple[Matrix, NDArray[Any]], classes: int) -> float:
    x, y = valid
    made = outputs(model, x, classes)
    if classes:
        return float(-np.log(np.clip(made[np.arange(len(y)), y], 1e-7, 1)).mean())
    return float(np.mean((made[:, 0] - y) ** 2))
