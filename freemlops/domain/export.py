"""What a trained model can be taken away as."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final

from freemlops.domain.bundle import Parity


@dataclass(frozen=True, slots=True)
class Format:
    suffix: str
    media_type: str


_BINARY: Final = "application/octet-stream"
FORMATS: Final = {
    "onnx": Format("onnx", _BINARY),
    "pickle": Format("pkl", _BINARY),
    "skops": Format("skops", _BINARY),
    "requirements": Format("requirements.txt", "text/plain"),
    "bundle": Format("fmlops", "application/zip"),
    "container": Format("container.zip", "application/zip"),
    "code": Format("py", "text/x-python"),
}
"""By the name that people and calls use. `requirements` go with the pickle and with skops."""


@dataclass(frozen=True, slots=True)
class Export:
    """A file ready to be sent. `parity` is the stored proof of what is in it, None for none."""

    format: str
    filename: str
    content: bytes
    parity: Parity | None = None
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sha256", hashlib.sha256(self.content).hexdigest())

    @property
    def media_type(self) -> str:
        return FORMATS[self.format].media_type
