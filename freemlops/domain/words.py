"""Sentences for people, kept untranslated until they reach the edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

type Param = str | int | float | bool | None


def N_(template: str) -> str:  # noqa: N802 - gettext's own name for "mark, do not translate yet"
    """Mark `template` for the catalogs without translating it here."""
    return template


@dataclass(frozen=True, slots=True)
class Message:
    """An English gettext template and its parameters; API and UI translate it for the reader.

    The template uses `str.format` names: `Message(N_("{rows} rows read"), {"rows": 3})`.
    Numbers stay numbers so that the edge can write them in the reader's locale.
    """

    template: str
    params: Mapping[str, Param] = field(default_factory=dict)

    def english(self) -> str:
        """The message as a developer reads it in a log; never raises on a missing parameter."""
        try:
            return self.template.format(**self.params)
        except (KeyError, IndexError, ValueError):
            return self.template

    def to_json(self) -> dict[str, Any]:
        return {"template": self.template, "params": dict(self.params)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Message:
        return cls(str(data["template"]), dict(data.get("params", {})))

    def __str__(self) -> str:
        return self.english()


def say(template: str, /, **params: Param) -> Message:
    """`Message` in one call; the extractor reads its first argument like that of `N_`."""
    return Message(template, params)
