"""The same thing is done by one at a time, and nothing is kept of it afterwards."""

from __future__ import annotations

import threading

import pytest

from freemlops.services.turns import Turns


def test_equal_keys_wait_and_others_do_not() -> None:
    turns, entered = Turns(), threading.Event()

    def second() -> None:
        with turns.of("a"):
            entered.set()

    with turns.of("a"):
        waiting = threading.Thread(target=second)
        waiting.start()
        with turns.of("b"):
            assert not entered.is_set()
    waiting.join(10)
    assert entered.is_set()
    assert not turns._locks


def test_a_turn_ends_with_its_error() -> None:
    turns = Turns()
    with pytest.raises(ValueError), turns.of("a"):
        raise ValueError
    with turns.of("a"):
        pass
