"""What advice changes in a run that is being set up. Pure: choices in, choices out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from freemlops.domain.advice import Action, ActionKind
from freemlops.domain.run import Split, SplitKind

_SPLITS = {
    ActionKind.SPLIT_TIME: SplitKind.TIME,
    ActionKind.SPLIT_GROUP: SplitKind.GROUP,
}


@dataclass(frozen=True, slots=True)
class Choices:
    """Columns left out, and how the rows are cut."""

    exclude: tuple[str, ...] = ()
    split: Split = Split()

    def applied(self, action: Action) -> bool:
        if action.kind is ActionKind.EXCLUDE:
            return set(action.columns) <= set(self.exclude)
        return self.split == _split(action)

    def with_(self, action: Action, *, on: bool) -> Choices:
        """The choices with the action in force, or not any more."""
        if action.kind is not ActionKind.EXCLUDE:
            if on:
                return replace(self, split=_split(action))
            return replace(self, split=Split()) if self.applied(action) else self
        rest = tuple(n for n in self.exclude if n not in action.columns)
        return replace(self, exclude=(*rest, *action.columns) if on else rest)


def follow(choices: Choices, before: Iterable[Action], now: Sequence[Action]) -> Choices:
    """`choices` after the advice changed: what the earlier advice did is undone, and what the
    new one does by default is done. A cut that a person chose stays."""
    for action in before:
        choices = choices.with_(action, on=False)
    for action in now:
        if action.by_default and (
            action.kind is ActionKind.EXCLUDE or choices.split.kind is SplitKind.RANDOM
        ):
            choices = choices.with_(action, on=True)
    return choices


def _split(action: Action) -> Split:
    return Split(_SPLITS[action.kind], action.columns[0])
