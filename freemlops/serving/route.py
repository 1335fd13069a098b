"""Who answers at an endpoint, and which of two versions answers a request."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from freemlops.domain.model import DeploymentRules
from freemlops.serving.lane import Lane
from freemlops.serving.model import PredictionAnswer, ServedModel
from freemlops.serving.rows import Table


class Role(StrEnum):
    CHAMPION = "champion"
    CHALLENGER = "challenger"
    SHADOW = "shadow"


@dataclass(frozen=True, slots=True)
class Answering:
    """A model on a route. The lane is the route's own, for it belongs to one event loop."""

    model: ServedModel
    lane: Lane
    role: Role = Role.CHAMPION


def answering(model: ServedModel, role: Role = Role.CHAMPION) -> Answering:
    return Answering(model, Lane(model), role)


@dataclass(frozen=True, slots=True)
class Route:
    """The models of an endpoint, loaded, and the rules that say which of them answers."""

    endpoint: str
    champion: Answering
    challenger: Answering | None = None
    shadow: Answering | None = None
    rules: DeploymentRules = field(default_factory=DeploymentRules)

    def choose(self, request_id: str, key: str | None = None) -> Answering:
        """The same for the same request id, or with `by_key` for the same key."""
        if self.challenger is None:
            return self.champion
        seed = key if self.rules.by_key and key is not None else request_id
        place = zlib.crc32(f"{self.endpoint} {seed}".encode()) / 2**32
        return self.challenger if place < self.rules.share else self.champion


class Routes(Protocol):
    """Where endpoints lead."""

    def known(self, endpoint: str) -> Route | None:
        """At once: the route as it is now, None when it has to be looked up."""
        ...

    def find(self, endpoint: str) -> Route:
        """May take its time. Raises `NotFoundError` and `UnavailableError`."""
        ...


@dataclass(frozen=True, slots=True)
class Served:
    """One answered request, as the prediction log gets it."""

    route: Route
    by: Answering
    answer: PredictionAnswer
    table: Table
    took_s: float
    key: str | None = None
    size: int = 0
    """Bytes of the request."""


class Journal(Protocol):
    """Takes notes of what was answered. Never waits, never raises."""

    def note(self, served: Served) -> None: ...

    def refuse(self, endpoint: str, status: int) -> None:
        """A request to an endpoint that is there got an error."""
        ...
