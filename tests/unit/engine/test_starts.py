from __future__ import annotations

from typing import Any

import pytest

from freemlops.domain.job import Warmth
from freemlops.domain.run import Event, EventKind, Task
from freemlops.engine.families import FAMILIES, Shape
from freemlops.engine.spaces import fits, space
from freemlops.engine.train import train

from .conftest import MakeJob, mixed_table


def test_the_search_begins_with_the_settings_that_it_is_given(make_job: MakeJob) -> None:
    starts = {"lightgbm": [{"num_leaves": 17, "learning_rate": 0.07}]}
    job = make_job(mixed_table(), Task.BINARY, max_trials=1, warmth=Warmth("run_0", 1, starts))
    events: list[Event] = []
    train(job, events.append, lambda: None)
    first = next(e.data for e in events if e.kind is EventKind.TRIAL)
    assert (first["family"], first["params"]["num_leaves"]) == ("lightgbm", 17)
    assert first["params"]["learning_rate"] == 0.07
    notes = events[-1].data["receipt"]["notes"]
    assert any("earlier training, on version" in str(note) for note in notes)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"num_leaves": 17}, True),
        ({"num_leaves": 10**6}, False),
        ({"num_leaves": "many"}, False),
        ({"num_leaves": True}, False),
        ({"extra_trees": "perhaps"}, False),
        ({"max_bin": 255}, True),
        ({"a setting of another day": 1}, False),
    ],
)
def test_settings_that_are_not_of_the_space_do_not_fit(
    given: dict[str, Any], expected: bool
) -> None:
    shape = Shape(500, 5, 2, (), 1, 0)
    default = FAMILIES["lightgbm"].portfolio(shape)[0]
    assert fits(given, default, space("lightgbm", shape)) is expected
