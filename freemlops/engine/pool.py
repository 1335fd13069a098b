"""The trials worth keeping: the best few of each family, with their predictions."""

from __future__ import annotations

from collections.abc import Sequence

from freemlops.engine.trial import Outclassed, Tried

KEEP = 4


class Pool:
    """Bounded memory: `KEEP` trials a family, whatever the number of trials."""

    def __init__(self) -> None:
        self._families: dict[str, list[Tried]] = {}
        self.count = 0

    def add(self, tried: Tried | Outclassed) -> bool:
        """True when it is the best trial so far, of any family."""
        self.count += 1
        if isinstance(tried, Outclassed):
            return False
        leader = min((t[0].loss for t in self._families.values()), default=float("inf"))
        kept = self._families.setdefault(tried.family, [])
        kept.append(tried)
        kept.sort(key=lambda t: t.loss)
        del kept[KEEP:]
        return tried.loss < leader

    def recall(self, best: Sequence[Tried], count: int) -> None:
        """Begin with trials that were made before, the best of `count`."""
        for tried in best:
            self.add(tried)
        self.count = count

    def leaders(self) -> list[Tried]:
        """The best trial of each family, the best family first."""
        return sorted((t[0] for t in self._families.values()), key=lambda t: t.loss)

    def best(self, most: int) -> list[Tried]:
        """The leaders, then the best of the rest, `most` in all."""
        rest = sorted((t for kept in self._families.values() for t in kept[1:]), key=_loss)
        return [*self.leaders(), *rest][:most]


def _loss(tried: Tried) -> float:
    return tried.loss
