"""What the page that compares reads from the address, and where settings stand on their axes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from freemlops.domain.run import Phase, Run, RunSpec, RunStatus, Task
from freemlops.ui.state.comparison import ComparisonState, sides, version_pairs
from freemlops.ui.state.parallel import Axis, axes, score_range


def run(name: str, dataset: str, version: int) -> Run:
    spec = RunSpec(dataset, version, "y", Task.BINARY, "roc_auc", 10.0)
    return Run(name, spec, dataset, RunStatus.FINISHED, Phase.DONE, 1.0, datetime.now(UTC))


def test_the_address_names_each_run_once_and_eight_at_most() -> None:
    state = ComparisonState({"runs": "a,b,,a,<c>," + ",".join(f"r{n}" for n in range(9))})
    assert state.chosen == ("a", "b", "r0", "r1", "r2", "r3", "r4", "r5")
    assert state.beyond == 3
    assert ComparisonState({}).chosen == ()


def test_nonsense_in_the_address_is_as_if_it_was_not_said() -> None:
    state = ComparisonState({"metric": "magic", "plot": "<b>", "family": "x", "runs": "''"})
    assert (state.metric, state.plot, state.family, state.runs) == ("", "", "", "")
    known = ComparisonState({"metric": "rmse", "plot": "roc", "family": "linear"})
    assert (known.metric, known.plot, known.family) == ("rmse", "roc", "linear")


def test_each_run_has_a_letter_and_a_colour_of_its_own() -> None:
    made = sides([run(f"r{n}", "d", 1) for n in range(8)], ["title"] * 8)
    assert [s.letter for s in made] == list("ABCDEFGH")
    assert len({s.color for s in made}) == 8
    assert made[1].name == "B (title)"


def test_versions_are_compared_with_their_neighbours_and_first_with_last() -> None:
    runs = [run("a", "d", 4), run("b", "d", 1), run("c", "d", 2), run("e", "other", 1)]
    assert version_pairs(runs) == (("d", 1, 4), ("d", 1, 2), ("d", 2, 4))
    assert version_pairs(runs[:2]) == (("d", 1, 4),)
    assert version_pairs(runs[3:]) == ()


def test_what_is_the_same_everywhere_has_no_axis() -> None:
    found = axes([{"a": 1, "b": "x", "c": 5}, {"a": 2, "b": "y", "c": 5}, {"d": None}])
    assert [a.name for a in found] == ["a", "b"]
    assert found[1].labels == ("x", "y")
    assert (found[0].place(1.5), found[1].place("y"), found[1].place(None)) == (0.5, 1.0, None)
    assert found[0].place("x") is None
    flags = axes([{"f": True}, {"f": False}])[0]
    assert (flags.place(False), flags.place(True)) == (0.0, 1.0)


def test_wide_ranges_count_by_powers() -> None:
    (axis,) = axes([{"rate": 0.001}, {"rate": 1.0}])
    assert axis.logarithmic
    assert axis.place(0.001**0.5) == pytest.approx(0.5)
    assert not axes([{"n": 0}, {"n": 900}])[0].logarithmic


def test_a_score_that_is_better_when_lower_has_its_axis_upside_down() -> None:
    assert Axis("", 10.0, 5.0).place(5.0) == 1.0
    assert Axis("", 10.0, 5.0).place(12.0) == 0.0


def test_one_bad_trial_does_not_press_the_others_into_a_line() -> None:
    low, high = score_range([0.1, *([0.8, 0.82, 0.84] * 20)], higher_is_better=True)
    assert 0.5 < low < 0.8 and high > 0.84
    low, high = score_range([900.0, *([10.0, 11.0, 12.0] * 20)], higher_is_better=False)
    assert low < 10 and 12 < high < 50
    low, high = score_range([0.5], higher_is_better=True)
    assert low < 0.5 < high
