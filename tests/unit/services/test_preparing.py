"""Slow work is begun once, waited for in pieces, and told once."""

from __future__ import annotations

import threading

import pytest

from freemlops.services.preparing import Preparing


def test_what_takes_longer_than_patience_goes_on_and_is_there_later() -> None:
    gate, calls, preparing = threading.Event(), [], Preparing()

    def make() -> int:
        calls.append(1)
        assert gate.wait(20)
        return 7

    for _ in range(2):
        with pytest.raises(TimeoutError):
            preparing.ask("a", make, 0.01)
    gate.set()
    assert preparing.ask("a", make, 20) == 7
    assert len(calls) == 1
    assert preparing.ask("a", make, 20) == 7
    assert len(calls) == 2


def test_what_goes_wrong_is_raised_and_not_kept() -> None:
    preparing, turns = Preparing(), iter([KeyError("x"), None])

    def make() -> str:
        if (error := next(turns)) is not None:
            raise error
        return "made"

    with pytest.raises(KeyError):
        preparing.ask("a", make, 20)
    assert preparing.ask("a", make, 20) == "made"
