"""Explanations: they add up, agree with the definition, and find what matters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shap
from hypothesis import given, settings
from hypothesis import strategies as st

from freemlops.domain.dataset import ColumnType
from freemlops.engine.explain.dependence import dependence
from freemlops.engine.explain.feeds import Ask, Feed, Floats, take
from freemlops.engine.explain.importance import importance
from freemlops.engine.explain.shapley import contributions, spread_sample
from freemlops.engine.export.graph import build_graph
from freemlops.engine.export.pipeline import TrainedModel
from freemlops.engine.families import FAMILIES
from freemlops.engine.session import open_session, run_session
from freemlops.services.explained import BACKGROUND
from tests.unit.engine.test_export import NAMES, fitted, numbers


def asked(model: TrainedModel) -> Ask:
    session = open_session(build_graph(model).SerializeToString())

    def ask(feed: Feed) -> Floats:
        made = run_session(session, feed)[-1]
        return np.asarray(made, np.float64).reshape(len(made), -1)

    return ask


def exact(ask: Ask, row: Feed, background: Feed) -> Floats:
    """What the exact explainer of the shap package gives: [columns, outputs]."""
    names = list(row)

    def answer(table: np.ndarray) -> Floats:
        columns = (np.asarray(table[:, [i]], row[n].dtype) for i, n in enumerate(names))
        return ask(dict(zip(names, columns, strict=True)))

    def matrix(feed: Feed) -> np.ndarray:
        return np.hstack([feed[n].astype(np.float64) for n in names])

    masker = shap.maskers.Independent(matrix(background), max_samples=len(background[names[0]]))
    made: Floats = shap.explainers.Exact(answer, masker)(matrix(row)).values[0]
    return made


def ensemble(classes: int) -> TrainedModel:
    from dataclasses import replace

    parts = [fitted(f, classes) for f in ("lightgbm", "linear", "random_forest")]
    members = tuple(replace(p.members[0], weight=1 / 3) for p in parts)
    return replace(parts[0], members=members)


@pytest.mark.parametrize("classes", [0, 2, 3])
@pytest.mark.parametrize("family", [*sorted(FAMILIES), "ensemble"])
def test_contributions_add_up_to_the_answer(family: str, classes: int) -> None:
    """Base and amounts give the graph's own answer, in every family and task, with holes."""
    model = ensemble(classes) if family == "ensemble" else fitted(family, classes)
    ask, feed = asked(model), numbers(seed=4).feed(NAMES)
    background = take(feed, np.arange(20))
    rows = take(feed, np.arange(20, 24))
    made = contributions(ask, rows, background, seed=1)
    answers = ask(rows)
    scale = max(1.0, float(np.abs(answers).max()))
    assert np.abs(made.base + made.amounts.sum(axis=1) - answers).max() < 1e-9 * scale
    assert np.isfinite(made.errors).all()


@pytest.mark.parametrize("family", ["lightgbm", "linear", "ensemble"])
def test_contributions_agree_with_the_exact_explainer(family: str) -> None:
    """Against the exact explainer of the shap package, over all subsets of six columns, within
    what the standard errors promise."""
    model = ensemble(2) if family == "ensemble" else fitted(family, 2)
    ask, feed = asked(model), numbers(seed=4).feed(NAMES)
    background = take(feed, np.arange(40))
    worst = []
    for row in range(60, 68):
        one = take(feed, np.array([row]))
        made = contributions(ask, one, background, seed=row, rounds=4)
        gap = np.abs(made.amounts[0] - exact(ask, one, background))
        worst.append(gap / (made.errors[0] + 1e-4))
    assert np.mean(np.stack(worst) < 2) > 0.9
    assert np.max(worst) < 5


def test_an_additive_model_is_explained_exactly() -> None:
    def ask(feed: Feed) -> Floats:
        return np.asarray(2 * feed["a"] - feed["b"], np.float64)

    random = np.random.default_rng(0)
    feed = {n: random.normal(size=(30, 1)) for n in "abc"}
    made = contributions(ask, take(feed, np.array([3])), feed, seed=0)
    wanted = [2 * (feed["a"][3, 0] - feed["a"].mean()), feed["b"].mean() - feed["b"][3, 0], 0]
    assert np.allclose(made.amounts[0, :, 0], wanted)
    assert np.allclose(made.errors, 0)


@settings(max_examples=40, deadline=None)
@given(
    columns=st.integers(1, 7),
    starts=st.integers(1, 9),
    rounds=st.integers(2, 4),
    seed=st.integers(0, 2**32 - 1),
)
def test_walks_add_up_for_any_function(columns: int, starts: int, rounds: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    weights = random.normal(size=(columns, columns))

    def ask(feed: Feed) -> Floats:
        x = np.hstack(list(feed.values()))
        return np.stack([np.sin(x @ weights).prod(axis=1), np.tanh(x.sum(axis=1))], axis=1)

    feed = {f"c{i}": random.normal(size=(starts + 2, 1)) for i in range(columns)}
    rows, background = take(feed, np.arange(2)), take(feed, np.arange(2, starts + 2))
    made = contributions(ask, rows, background, seed, rounds)
    again = contributions(ask, rows, background, seed, rounds)
    assert np.allclose(made.base + made.amounts.sum(axis=1), ask(rows))
    assert np.array_equal(made.amounts, again.amounts)


def told(rows: int = 900, seed: int = 0) -> tuple[dict[str, Any], np.ndarray, Ask]:
    """A model that reads `signal`, half of `half`, and nothing of `noise`."""
    random = np.random.default_rng(seed)
    feed = {n: random.normal(size=(rows, 1)) for n in ("noise", "signal", "half")}
    feed["word"] = random.choice(np.array(["sim", "não", ""], dtype=object), (rows, 1))
    drive = 2 * feed["signal"] + 0.5 * feed["half"] + 0.3 * (feed["word"] == "sim")
    y = (drive[:, 0] + random.logistic(size=rows) > 0).astype(np.int64)

    def ask(feed: Feed) -> Floats:
        # it has learned a little of the noise, as models do
        drive = 2 * feed["signal"] + 0.5 * feed["half"] + 0.01 * feed["noise"]
        chance = 1 / (1 + np.exp(-(drive + 0.3 * (feed["word"] == "sim")).astype(np.float64)))
        return np.hstack([1 - chance, chance])

    return feed, y, ask


@pytest.mark.parametrize("metric", ["roc_auc", "log_loss", "accuracy"])
def test_importance_finds_the_signal_and_marks_the_noise(metric: str) -> None:
    feed, y, ask = told()
    made = importance(ask, feed, y, [metric, "log_loss"], 0)
    assert made[0].column == "signal"
    assert made[0].matters
    assert made[0].by_metric.low > 0.05
    noise = next(e for e in made if e.column == "noise")
    assert not noise.matters
    assert noise.by_fit.low <= 0 <= noise.by_fit.high
    assert all(e.by_fit.low <= e.by_fit.value <= e.by_fit.high for e in made)


def test_noise_rarely_seems_to_matter() -> None:
    """Over fresh data a column without effect is marked as such at least nine times in ten."""
    wrong = 0
    for seed in range(30):
        feed, y, ask = told(400, seed)
        made = importance(ask, feed, y, ["log_loss", "log_loss"], seed)
        wrong += next(e for e in made if e.column == "noise").matters
    assert wrong <= 4


def test_dependence_follows_numbers_texts_truths_and_dates() -> None:
    feed, _, ask = told()
    made = dependence(ask, feed, "signal", ColumnType.DECIMAL)
    curve = made.made[:, :, 1].mean(axis=1)
    assert (np.diff(curve) > 0).all()
    assert made.counts.sum() <= 900
    assert len(made.edges) == len(made.counts) + 1
    words = dependence(ask, feed, "word", ColumnType.TEXT)
    assert set(words.points) == {"sim", "não", ""}
    assert words.points[-1] == ""
    assert words.counts.sum() == 900
    holes = {**feed, "noise": np.where(feed["noise"] > 1, np.nan, feed["noise"])}
    assert np.isnan(dependence(ask, holes, "noise", ColumnType.DECIMAL).points[-1])
    days = {**feed, "noise": np.floor(feed["noise"] * 86400)}
    assert len(dependence(ask, days, "noise", ColumnType.DATE).points) == 20
    none = {**feed, "noise": np.full_like(feed["noise"], np.nan)}
    assert len(dependence(ask, none, "noise", ColumnType.DECIMAL).points) == 1


def test_the_background_answers_as_all_rows_do() -> None:
    feed, _, ask = told()
    kept = spread_sample(ask, feed, BACKGROUND)
    assert len(set(kept)) == BACKGROUND
    assert abs(ask(take(feed, kept))[:, 1].mean() - ask(feed)[:, 1].mean()) < 0.005


def test_a_column_that_the_model_does_not_read_has_no_effect_at_all() -> None:
    feed, y, ask = told()
    made = importance(ask, {**feed, "idle": feed["noise"]}, y, ["roc_auc", "log_loss"], 0)
    idle = next(e for e in made if e.column == "idle")
    assert (idle.by_fit.low, idle.by_fit.value, idle.by_fit.high) == (0, 0, 0)
    assert not idle.matters


def test_a_column_of_sentences_is_asked_word_by_word() -> None:
    """The words that move the answer come first; others, and the texts themselves, do not."""
    random = np.random.default_rng(4)
    plain = ["the", "box", "came", "on", "monday", "with", "manual", "blue"]
    texts = [
        " ".join([*random.choice(plain, 7), "great" if k % 2 else "awful", f"n{k}"])
        for k in range(200)
    ]
    feed = {"text": np.array([[t] for t in [*texts, ""]], object)}

    def ask(feed: Feed) -> Floats:
        made = [("great" in t) - ("awful" in t) for t in feed["text"][:, 0]]
        return np.array(made, np.float64)[:, None]

    made = dependence(ask, feed, "text", ColumnType.TEXT)
    assert made.words
    assert list(made.points[:3]) == ["", "awful", "great"]
    assert list(made.counts[:3]) == [0, 100, 100]
    means = made.made[:, :, 0].mean(axis=1)
    assert means[1] < means[0] < means[2]
    assert np.allclose(means[3:], means[0])
