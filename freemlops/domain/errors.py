"""One tree of errors. Each says what happened and what to do, in words that can be translated.

The API maps the classes to HTTP in one place, the CLI to exit codes, the pages to a message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from freemlops.domain.words import N_, Message, Param


@dataclass(frozen=True, slots=True)
class Detail:
    """One place that is wrong. `row` of a request counts from 0, `line` of a file from 1."""

    message: Message
    row: int | None = None
    column: str | None = None
    line: int | None = None


class FreeMLOpsError(Exception):
    """Base of everything this project raises on purpose.

    `template` is an English gettext msgid with `str.format` names, filled from `params`.
    """

    code: ClassVar[str] = "error"
    title: ClassVar[str] = N_("Something went wrong")

    def __init__(
        self, template: str, /, *, details: Sequence[Detail] = (), **params: Param
    ) -> None:
        self.message = Message(template, params)
        self.details = tuple(details)
        super().__init__(self.message.english())

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments do not survive the default pickling; without this an error
        # raised in a worker process would arrive as a broken pool.
        return _rebuild, (type(self), self.message, self.details)


def _rebuild(
    cls: type[FreeMLOpsError], message: Message, details: tuple[Detail, ...]
) -> FreeMLOpsError:
    return cls(message.template, details=details, **message.params)


class NotFoundError(FreeMLOpsError):
    """The thing asked for is not in the warehouse (never was, or was deleted)."""

    code = "not_found"
    title = N_("Not found")


class InvalidError(FreeMLOpsError):
    """The request can be read but asks for something that makes no sense."""

    code = "invalid"
    title = N_("That does not work as asked")


class MalformedError(FreeMLOpsError):
    """The request cannot be read at all (not JSON, not the announced format)."""

    code = "malformed"
    title = N_("The request could not be read")


class UnreadableFileError(FreeMLOpsError):
    """The uploaded file is no table that we can read."""

    code = "unreadable_file"
    title = N_("The file could not be read as a table")


class ChoiceNeededError(UnreadableFileError):
    """The file holds several tables; each detail's message is the name of one."""

    code = "choice_needed"
    title = N_("Choose one table of the file")


class TooLargeError(FreeMLOpsError):
    """The input is over a limit that keeps the server alive for everybody."""

    code = "too_large"
    title = N_("Too large")


class ConflictError(FreeMLOpsError):
    """The thing is in a state in which this cannot be done now."""

    code = "conflict"
    title = N_("Not possible right now")


class CancelledError(FreeMLOpsError):
    """Somebody ended this before it was done."""

    code = "cancelled"
    title = N_("Cancelled")


class UnavailableError(FreeMLOpsError):
    """The service is paused or busy; the same call may succeed later."""

    code = "unavailable"
    title = N_("Not available right now")


class QueryLimitError(FreeMLOpsError):
    """A query takes more time, memory or room than one query may."""

    code = "query_limit"
    title = N_("The query asks for too much")


class ImportRefusedError(FreeMLOpsError):
    """A bundle that is not taken in; its words say why."""

    code = "import_refused"
    title = N_("This bundle can't be used")


class TooManyError(FreeMLOpsError):
    """Whoever asks does so more often than allowed; `retry_s` from now it may ask again."""

    code = "too_many"
    title = N_("Too many requests")

    @property
    def retry_s(self) -> int:
        return int(self.message.params.get("seconds") or 1)


class StorageFullError(FreeMLOpsError):
    """There is not enough free space on the disk for this to be safe."""

    code = "storage_full"
    title = N_("The disk is full")


class TrainingError(FreeMLOpsError):
    """A training run ended without any model."""

    code = "training"
    title = N_("The training did not work")


class ExportError(FreeMLOpsError):
    """A model could not be exported with proof that the export answers the same."""

    code = "export"
    title = N_("The model could not be exported")


class UnauthorizedError(FreeMLOpsError):
    """Nobody has logged in, or the key is wrong."""

    code = "unauthorized"
    title = N_("Log in first")


class ForbiddenError(FreeMLOpsError):
    """Whoever asks may not do this from where they are."""

    code = "forbidden"
    title = N_("Not allowed from here")


class WarehouseHeldError(FreeMLOpsError):
    """Another process owns the warehouse file."""

    code = "warehouse_held"
    title = N_("Free MLOps is already running")


class WarehouseError(FreeMLOpsError):
    """The warehouse file cannot be opened, is damaged, or could not do what was asked."""

    code = "warehouse"
    title = N_("The warehouse could not do this")


class UsageError(FreeMLOpsError):
    """The command line or a setting is wrong."""

    code = "usage"
    title = N_("Wrong use")
