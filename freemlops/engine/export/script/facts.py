"""What the script must know beside the recipe: whose model it is, and how the file is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

type Recipe = Mapping[str, Any]
"""See `engine/export/recipe`."""


@dataclass(frozen=True, slots=True)
class Written:
    """How the training file is written. `header` is the number of lines above the names, None
    when there are no names; `is_text` is False for Parquet, Excel and the like."""

    encoding: str = "utf-8"
    separator: str = ","
    decimal: str = "."
    date_order: str = "dmy"
    header: int | None = 0
    has_units: bool = False
    is_text: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """`libraries` are the versions that the model was trained with, by package."""

    run: str
    candidate: str
    family: str
    dataset: str
    filename: str
    metric: str
    libraries: Mapping[str, str] = field(default_factory=dict)
    written: Written = Written()
