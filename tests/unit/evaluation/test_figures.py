"""Intervals that hold what they promise; a reason wherever there is no figure."""

from __future__ import annotations

import numpy as np
import pytest

from freemlops.domain.evaluation.figures import Figure
from freemlops.domain.evaluation.measures import measures_for
from freemlops.domain.ranking import p_better, tied
from freemlops.domain.run import Task
from freemlops.engine.evaluate import Judge
from freemlops.engine.evaluation.answers import Answers
from freemlops.engine.evaluation.figures import Scorer
from freemlops.engine.evaluation.folds import corrected_t

from .conftest import NAMES, answers, answers_from

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")


def figures(a: Answers, baseline: Answers | None = None, seed: int = 0) -> dict[str, Figure]:
    names = tuple(m.name for m in measures_for(a.task))
    found = Scorer(Judge(a.task, a.y, seed)).figures(names, a, baseline)
    assert [f.name for f in found] == list(names)
    return {f.name: f for f in found}


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_in_its_interval_or_says_why_not(name: str) -> None:
    for figure in figures(answers(name)).values():
        if figure.low is None or figure.high is None:
            assert figure.note is not None, figure
        else:
            assert figure.value is not None
            assert figure.low <= figure.value <= figure.high, figure


def test_the_baseline_stands_beside_every_figure() -> None:
    a = answers("rare")
    constant = answers_from(Task.BINARY, a.y, np.full(a.count, a.y.mean()))
    found = figures(a, constant)
    assert found["roc_auc"].baseline == 0.5
    assert found["average_precision"].baseline == pytest.approx(a.y.mean())
    assert found["precision"].baseline is None  # it never says yes
    assert found["accuracy"].baseline == pytest.approx(1 - a.y.mean())


def _truth(random: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that are exactly right, and truth drawn from them."""
    p = random.beta(1.2, 1.8, rows)
    return (random.random(rows) < p).astype(int), p


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """95% intervals of 8 metrics in 160 simulated holdouts of 300 rows: 93 to 97% of all hold.

    With as many rows of each class as in all data, as holdouts are cut.
    """
    random = np.random.default_rng(11)
    y, p = _truth(random, 200_000)
    noisy = np.clip(p + random.normal(0, 0.15, len(p)), 0.01, 0.99)
    score = np.column_stack([1 - noisy, noisy])
    target = random.normal(size=len(p))
    guess = target + random.standard_t(8, len(p))
    kinds = {
        Task.BINARY: ("roc_auc", "log_loss", "brier", "accuracy", "mcc"),
        Task.REGRESSION: ("rmse", "mae", "r2"),
    }
    held: dict[str, list[bool]] = {}
    for task, names in kinds.items():
        truth, made = (y, score) if task is Task.BINARY else (target, guess[:, None])
        whole = _point(task, truth, made, names)
        for i in range(160):
            rows = _cut(truth, i, 300) if task is Task.BINARY else slice(i * 300, (i + 1) * 300)
            a = answers_from(task, truth[rows], made[rows])
            for f in Scorer(Judge(task, a.y, i)).figures(names, a, None):
                assert f.low is not None and f.high is not None
                held.setdefault(f.name, []).append(f.low <= whole[f.name] <= f.high)
    shares = {name: float(np.mean(v)) for name, v in held.items()}
    assert 0.93 <= float(np.mean(list(shares.values()))) <= 0.97, shares
    assert all(0.91 <= s <= 0.985 for s in shares.values()), shares  # of 160: ± 3.4%


def _cut(y: np.ndarray, turn: int, rows: int) -> np.ndarray:
    """Rows nobody had before, each class with its share."""
    yes = round(rows * y.mean())
    counts = {1: yes, 0: rows - yes}
    return np.concatenate(
        [np.flatnonzero(y == c)[turn * n : (turn + 1) * n] for c, n in counts.items()]
    )


def _point(task: Task, y: np.ndarray, made: np.ndarray, names: tuple[str, ...]) -> dict[str, float]:
    from freemlops.engine.evaluation.metrics import value

    return {name: value(name, y, made) for name in names}


def test_two_copies_of_one_model_are_tied() -> None:
    """Two models that differ by luck alone, in 120 holdouts each: at least 95% are called tied."""
    random = np.random.default_rng(5)
    for task, metric in ((Task.BINARY, "roc_auc"), (Task.REGRESSION, "rmse")):
        calls = []
        for i in range(120):
            y, p = _truth(random, 250)
            if task is Task.REGRESSION:
                y = random.normal(size=250)
                pair = [(y + random.normal(size=250)).reshape(-1, 1) for _ in range(2)]
            else:
                made = [np.clip(p + random.normal(0, 0.1, 250), 0.01, 0.99) for _ in range(2)]
                pair = [np.column_stack([1 - m, m]) for m in made]
            judge = Judge(task, y, i)
            spread = [[float(v) for v in judge.resamples(metric, m)] for m in pair]
            higher = task is Task.BINARY
            scores = [s.value for s in (judge.scores(m)[metric] for m in pair)]
            first = int((scores[1] > scores[0]) == higher)
            calls.append(tied(spread[first], spread[1 - first], higher_is_better=higher))
        assert np.mean(calls) >= 0.95, (metric, np.mean(calls))


def test_the_probability_of_being_better_grows_with_the_lead() -> None:
    assert p_better([1, 2, 3, 4], [0, 1, 2, 3], higher_is_better=True) == 1
    assert p_better([1, 2, 3, 4], [1, 2, 3, 4], higher_is_better=True) == 0.5
    assert p_better([1, 2, 3, 4], [2, 1, 4, 3], higher_is_better=False) == 0.5
    assert p_better([float("nan")], [1.0], higher_is_better=False) == 0.5


def test_folds_tell_apart_only_what_they_can() -> None:
    """The uncorrected t-test would be sure here; folds share their training rows."""
    best, other = (0.82, 0.80, 0.84, 0.79, 0.83), (0.81, 0.80, 0.81, 0.79, 0.80)
    p = corrected_t(best, other, 5, higher_is_better=True)
    assert p is not None and 0.85 < p < 0.95
    lead = np.subtract(best, other)
    plain = lead.mean() / (lead.std(ddof=1) / np.sqrt(5))
    corrected = lead.mean() / np.sqrt((1 / 5 + 1 / 4) * lead.var(ddof=1))
    assert corrected == pytest.approx(plain / 1.5)
    assert corrected_t(other, best, 5, higher_is_better=False) == pytest.approx(p)
    assert corrected_t(best, best, 5, higher_is_better=True) == 0.5
    assert corrected_t(best[:1], other[:1], 1, higher_is_better=True) is None


def test_the_folds_call_equals_apart_rarely() -> None:
    """Correlated folds of two equal models, 2,000 times: apart in 5%."""
    random = np.random.default_rng(2)
    wrong = 0
    for _ in range(2000):
        shared = random.normal(0, np.sqrt(0.2), 1)
        lead = shared + random.normal(0, np.sqrt(0.8), 5)
        p = corrected_t(list(lead), [0.0] * 5, 5, higher_is_better=True)
        assert p is not None
        wrong += p > 0.975 or p < 0.025
    assert 0.035 <= wrong / 2000 <= 0.065  # 5%, ± 1.5% by luck


@pytest.mark.parametrize(
    ("a", "metric", "words"),
    [
        (answers_from(Task.BINARY, [0] * 40, np.linspace(0, 1, 40)), "roc_auc", "No row of"),
        (answers_from(Task.BINARY, [0] * 40, np.linspace(0, 1, 40)), "recall", "No row of"),
        (answers_from(Task.BINARY, [0, 1] * 20, [0.2] * 40), "precision", "never answers"),
        (answers_from(Task.BINARY, [0, 1], [0.2, 0.7]), "accuracy", "Only"),
        (answers_from(Task.BINARY, [0, 1] * 20, [np.nan] * 40), "accuracy", "no number"),
        (answers_from(Task.BINARY, [], []), "accuracy", "No rows"),
        (answers_from(Task.REGRESSION, [1.0] * 30, np.arange(30)), "r2", "the same"),
        (answers_from(Task.REGRESSION, [np.inf] + [1.0] * 29, np.arange(30)), "mae", "infinite"),
        (answers_from(Task.REGRESSION, [1e308] * 30, [-1e308] * 30), "mae", "can hold"),
        (answers_from(Task.REGRESSION, np.arange(30), np.arange(30) + 1), "mape", "share of 0"),
        (answers_from(Task.REGRESSION, np.arange(30) - 9, np.arange(30)), "msle", "logarithm"),
        (answers_from(Task.REGRESSION, np.arange(30) + 1, np.arange(30)), "max_error", "worse"),
    ],
)
def test_a_sentence_stands_where_no_figure_can(a: Answers, metric: str, words: str) -> None:
    found = figures(a)[metric]
    assert found.note is not None and words in found.note.template
    assert found.low is None and found.high is None


def test_five_rows_and_rare_classes_never_raise() -> None:
    for rows in (1, 2, 3, 5):
        for y in (np.arange(rows) % 2, np.zeros(rows, int)):
            figures(answers_from(Task.BINARY, y, np.linspace(0.1, 0.9, rows)))
            figures(answers_from(Task.MULTICLASS, y, np.full((rows, 4), 0.25)))
            figures(answers_from(Task.REGRESSION, y, np.zeros(rows)))


def test_all_right_is_not_certain() -> None:
    """100 of 100 right: the true share may still be 96.4%."""
    y = np.arange(100) % 2
    found = figures(answers_from(Task.BINARY, y, np.where(y, 0.9, 0.1)))["accuracy"]
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(0.9638, abs=1e-3)
