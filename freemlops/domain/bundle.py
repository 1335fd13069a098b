"""What a bundle says about the model in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

KIND: Final = "freemlops-bundle"
VERSION: Final = 1
"""Of the format. Who reads a higher one does not know what is in it."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where the model was made; the ids are those of the machine that made it."""

    run: str
    candidate: str
    dataset: str = ""
    dataset_name: str = ""
    dataset_version: int = 0
    dataset_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Parity:
    """The proof that the graph answers like the Python model: the largest difference of a
    probability (or of a value, in units of their spread) on so many rows."""

    difference: float
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """`model` and `version` are None for a candidate that nobody has registered. `created` is
    RFC 3339. `libraries` are those that it was trained with."""

    model: str | None
    version: int | None
    family: str
    metric: str
    score: float | None
    created: str
    lineage: Lineage
    parity: Parity | None = None
    libraries: Mapping[str, str] = field(default_factory=dict)
    kind: str = KIND
    format_version: int = VERSION
