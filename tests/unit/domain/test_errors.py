"""The tree of errors."""

from __future__ import annotations

import pickle

import pytest

from freemlops.domain import errors
from freemlops.domain.words import say
from freemlops.serving.problem import STATUS

ALL = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, errors.FreeMLOpsError)
]


@pytest.mark.parametrize("kind", ALL)
def test_every_error_survives_a_process_boundary(kind: type[errors.FreeMLOpsError]) -> None:
    detail = errors.Detail(say("Row {row} is wrong", row=3), row=3, column="a")
    made = kind("There is no {thing}.", thing="x", details=[detail])
    again = pickle.loads(pickle.dumps(made))
    assert (type(again), again.message, again.details) == (kind, made.message, made.details)


@pytest.mark.parametrize("kind", ALL)
def test_every_error_has_a_status_on_the_api(kind: type[errors.FreeMLOpsError]) -> None:
    local = {errors.FreeMLOpsError, errors.UsageError}  # never leave the command line
    assert kind in local or any(c in STATUS for c in kind.__mro__)
