from __future__ import annotations

from freemlops.domain.advice import Action, ActionKind
from freemlops.domain.run import Split, SplitKind
from freemlops.ui.state.advised import Choices, follow

LEAK = Action(ActionKind.EXCLUDE, ("leak",), by_default=True)
NAMES = Action(ActionKind.EXCLUDE, ("a", "b"))
TIME = Action(ActionKind.SPLIT_TIME, ("when",), by_default=True)
GROUP = Action(ActionKind.SPLIT_GROUP, ("who",), by_default=True)
BY_TIME = Split(SplitKind.TIME, "when")


def test_what_is_advised_by_default_is_done() -> None:
    made = follow(Choices(("own",)), (), (LEAK, NAMES, TIME))
    assert made == Choices(("own", "leak"), BY_TIME)


def test_advice_for_another_target_undoes_the_earlier_one() -> None:
    first = follow(Choices(("own",)), (), (LEAK, TIME))
    assert follow(first, (LEAK, TIME), (GROUP,)) == Choices(("own",), Split(SplitKind.GROUP, "who"))


def test_a_cut_that_a_person_chose_stays() -> None:
    own = Choices(split=Split(SplitKind.GROUP, "city"))
    assert follow(own, (TIME,), (TIME, LEAK)).split == own.split


def test_an_action_can_be_done_and_undone() -> None:
    both = Choices().with_(NAMES, on=True).with_(TIME, on=True)
    assert both.applied(NAMES)
    assert both.applied(TIME)
    assert not both.applied(GROUP)
    assert both.with_(NAMES, on=False).with_(TIME, on=False) == Choices()
    assert both.with_(GROUP, on=False).split == BY_TIME
