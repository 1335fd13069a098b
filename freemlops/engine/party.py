"""What the machines say to each other that search the families of one run side by side.

The leader reads, keeps the board and finishes the run; a helper opens the same workspace and
searches a part of the families. Light on purpose: those who only pass the messages on import it.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from freemlops.domain.job import TrainJob
from freemlops.domain.words import Message

if TYPE_CHECKING:
    from freemlops.engine.trial import Outclassed, Tried


@dataclass(frozen=True, slots=True)
class Help:
    """To a helper's process: open the workspace of `job`, and wait for a `Share`."""

    job: TrainJob
    name: str


@dataclass(frozen=True, slots=True)
class Recruited:
    """To the leader: a helper of that name is on its way."""

    name: str


@dataclass(frozen=True, slots=True)
class Joined:
    """To the leader: the helper is ready, and `digest` names the folds that it sees."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Share:
    """To a helper: the families that it searches until it is ended."""

    name: str
    families: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """To the leader: a trial. Pickled, so that who passes it on need not know the learners."""

    name: str
    parcel: bytes

    @classmethod
    def wrap(cls, name: str, tried: Tried | Outclassed) -> Found:
        return cls(name, pickle.dumps(tried))

    def unwrap(self) -> Tried | Outclassed:
        made: Tried | Outclassed = pickle.loads(self.parcel)  # noqa: S301 - from our own child
        return made


@dataclass(frozen=True, slots=True)
class Stumbled:
    """To the leader: a family's first error at a helper, in words for the receipt."""

    name: str
    message: Message


@dataclass(frozen=True, slots=True)
class Left:
    """To the leader: the helper is gone. `yielded` when its machine went to a waiting job."""

    name: str
    yielded: bool = False


@dataclass(frozen=True, slots=True)
class Dismiss:
    """From the leader: this helper is not needed any more; all of them when it names none."""

    name: str | None = None


type News = Recruited | Joined | Found | Stumbled | Left
"""What reaches the leader."""
type Order = Share | Dismiss
"""What the leader says."""


class Party(Protocol):
    """The leader's line to its helpers, wherever they are. No method blocks."""

    def news(self) -> list[News]:
        """What has arrived since the last call, of each helper in its order."""

    def tell(self, order: Order) -> None: ...


class Alone:
    """The `Party` of a run that nobody helps."""

    def news(self) -> list[News]:
        return []

    def tell(self, order: Order) -> None:
        raise NotImplementedError("there is nobody to be told")
