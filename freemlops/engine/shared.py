"""The helpers of one search, as its leader sees them: who has which families, what they found."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from freemlops.domain.words import Message, say
from freemlops.engine.families import Shape
from freemlops.engine.party import (
    Dismiss,
    Found,
    Joined,
    Left,
    News,
    Party,
    Recruited,
    Share,
    Stumbled,
)
from freemlops.engine.reporter import Reporter
from freemlops.engine.spaces import COST
from freemlops.engine.trial import FoldMatrices, Outclassed, Tried

LISTEN_S = 0.1


class Regroup(BaseException):
    """A helper's families have come back. No `Exception`, as FLAML must not swallow it."""


@dataclass(slots=True)
class _Helper:
    families: tuple[str, ...] = ()
    trials: int = 0
    digest: str | None = None
    """None until it has opened the workspace."""


class Helpers:
    """Shares a search out and takes in what is found. For the training thread alone.

    `take` hears of each trial of a helper. With a number of trials nobody helps: the board must
    not depend on the machines then.
    """

    def __init__(
        self, party: Party, reporter: Reporter, take: Callable[[Tried | Outclassed], None]
    ) -> None:
        self._party = party
        self._reporter = reporter
        self._take = take
        self._digest = ""
        self._known: dict[str, _Helper] = {}
        self._returned: list[str] = []
        self._is_shared = False
        self._over = False

    @property
    def count(self) -> int:
        """The helpers that are here or on their way."""
        self.listen()
        return len(self._known)

    def share(
        self, families: Sequence[str], shape: Shape, folds: Sequence[FoldMatrices]
    ) -> tuple[str, ...]:
        """Give each helper its families; what is left is the leader's part."""
        self.listen()
        self._is_shared = True
        if not self._known:
            return tuple(families)
        self._digest = digest(shape, folds)
        for name, helper in list(self._known.items()):
            self._compare(name, helper)
        mine, *theirs = groups(families, 1 + len(self._known))
        for name, helper in list(self._known.items()):
            if theirs:
                helper.families = theirs.pop(0)
                self._party.tell(Share(name, helper.families))
            else:
                self._dismiss(name)
        return mine

    def listen(self) -> None:
        """Take in what has arrived."""
        for news in self._party.news():
            if not self._over:
                self._hear(news)

    def regroup(self) -> None:
        """Raises `Regroup` when families have come back to the leader."""
        if self._returned:
            raise Regroup

    def returned(self) -> tuple[str, ...]:
        """The families that have come back since the last call."""
        made, self._returned = tuple(self._returned), []
        return made

    def wait(self, check: Callable[[], None]) -> None:
        """Let the helpers search on while the leader has nothing to try itself."""
        while self._known:
            check()
            self.regroup()
            time.sleep(LISTEN_S)
        self.regroup()

    def end(self) -> None:
        """The search is over: give the machines back, and tell what they did."""
        if self._over:
            return
        self.listen()
        self._over = True
        if self._known:
            self._party.tell(Dismiss())
        for name, helper in self._known.items():
            if helper.trials:
                self._reporter.note(
                    say("The machine {machine} searched {families}: {trials} trials.",
                        machine=name, families=", ".join(helper.families), trials=helper.trials)
                )  # fmt: skip
            elif helper.families:
                self._reporter.note(
                    say("The machine {machine} was to help, and had not finished a trial when "
                        "the search ended.", machine=name)
                )  # fmt: skip

    def _hear(self, news: News) -> None:
        if isinstance(news, Recruited):
            self._welcome(news.name)
            return
        helper = self._known.get(news.name)
        if helper is None:
            return
        match news:
            case Left():
                self._lose(news.name, _why(news, helper))
            case Joined():
                helper.digest = news.digest
                if self._digest:
                    self._compare(news.name, helper)
            case Stumbled():
                self._reporter.leave_out(news.message)
            case Found():
                helper.trials += 1
                self._take(news.unwrap())

    def _welcome(self, name: str) -> None:
        """Who comes after the families were shared out is not needed."""
        if self._is_shared:
            self._party.tell(Dismiss(name))
        else:
            self._known[name] = _Helper()

    def _compare(self, name: str, helper: _Helper) -> None:
        """Trials on other folds would be compared with ours, and are worth nothing."""
        if helper.digest in (None, self._digest):
            return
        self._dismiss(name)
        different = say(
            "The machine {machine} cut the data differently, and could not help.", machine=name
        )
        self._give_up(helper, different)

    def _lose(self, name: str, why: Message) -> None:
        self._give_up(self._known.pop(name), why)

    def _give_up(self, helper: _Helper, why: Message) -> None:
        self._reporter.leave_out(why)
        self._returned += helper.families

    def _dismiss(self, name: str) -> None:
        del self._known[name]
        self._party.tell(Dismiss(name))


def _why(news: Left, helper: _Helper) -> Message:
    if news.yielded:
        return say(
            "The machine {machine} went to a waiting training after {trials} trials; "
            "its families were searched on by the first machine.",
            machine=news.name,
            trials=helper.trials,
        )
    return say(
        "The machine {machine} was lost after {trials} trials; "
        "its families were searched on by the first machine.",
        machine=news.name,
        trials=helper.trials,
    )


def groups(families: Sequence[str], most: int) -> list[tuple[str, ...]]:
    """At most `most` groups of about the same cost, none empty. The first has the first family."""
    made: list[list[str]] = [[] for _ in range(min(most, len(families)))]
    for name in sorted(families, key=lambda f: -COST[f]):
        min(made, key=lambda group: sum(COST[f] for f in group)).append(name)
    made.sort(key=lambda group: families[0] not in group)
    return [tuple(sorted(group, key=families.index)) for group in made]


def digest(shape: Shape, folds: Sequence[FoldMatrices]) -> str:
    """Names what a helper must see as its leader does: the rows of each fold and their targets.

    The features are told by their number and kind alone: their last bits may depend on a
    machine's arithmetic, which changes no comparison.
    """
    made = hashlib.sha256(repr(replace(shape, threads=0)).encode())
    for fold in folds:
        made.update(repr((fold.x.shape, fold.x_valid.shape)).encode())
        for part in (fold.rows, fold.y, fold.y_valid):
            made.update(part.tobytes())
    return made.hexdigest()
