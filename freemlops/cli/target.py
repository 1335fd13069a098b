"""A model as people name it on the command line: `name`, `name@alias`, `name:version`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from freemlops.client import Client
from freemlops.domain.errors import UsageError

_FORM = re.compile(r"([a-z0-9][a-z0-9-]{0,79})(?:@([a-z][a-z0-9_-]{0,39})|:(\d{1,9}))?")


@dataclass(frozen=True, slots=True)
class ModelName:
    """With neither alias nor version, the newest version is meant."""

    model: str
    alias: str | None
    version: int | None

    def find(self, client: Client) -> dict[str, Any]:
        """The version as the API shows it."""
        versions: list[dict[str, Any]] = client.call("GET", f"/models/{self.model}")["versions"]
        for known in versions:
            if self.version is None and self.alias is None:
                return known
            if known["version"] == self.version or self.alias in known["aliases"]:
                return known
        # The server words the refusal, in the caller's language.
        query = {"version": self.version} if self.version is not None else {"alias": self.alias}
        client.call("POST", f"/models/{self.model}/predict", params=query, json={"rows": [{}]})
        raise AssertionError("a version that is not listed can't answer")


def parse_model(text: str) -> ModelName:
    """Raises `UsageError` when `text` is no model name."""
    found = _FORM.fullmatch(text)
    if not found:
        raise UsageError(
            "“{text}” is no model. Write its name, name@alias or name:version.", text=text
        )
    version = int(found.group(3)) if found.group(3) else None
    return ModelName(found.group(1), found.group(2), version)
