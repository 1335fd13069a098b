from __future__ import annotations

from freemlops.domain.run import Trial
from freemlops.services.warm_start import STARTS, best_settings


def trial(number: int, family: str, loss: float, **params: object) -> Trial:
    return Trial(number, family, loss, fit_s=0.1, at_s=1.0, params=params)


def test_the_best_settings_of_each_family_come_best_first() -> None:
    trials = [
        trial(1, "linear", 0.5, C=1.0),
        trial(2, "lightgbm", 0.3, num_leaves=8),
        trial(3, "lightgbm", 0.2, num_leaves=31),
        trial(4, "lightgbm", 0.4, num_leaves=96),
    ]
    made = best_settings(trials)
    assert made == {
        "lightgbm": [{"num_leaves": 31}, {"num_leaves": 8}],
        "linear": [{"C": 1.0}],
    }
    assert STARTS == 2


def test_a_failed_trial_and_equal_settings_are_no_start() -> None:
    trials = [
        trial(1, "linear", 0.5, C=1.0),
        trial(2, "linear", 0.6, C=1.0),
        trial(3, "neural", float("inf"), width=16),
    ]
    assert best_settings(trials) == {"linear": [{"C": 1.0}]}
