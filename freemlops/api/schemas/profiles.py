"""Profiles, advice and diffs as the API shows them."""

from __future__ import annotations

from typing import Any

import msgspec

from freemlops.domain.advice import Advice
from freemlops.domain.diff import Diff
from freemlops.domain.profile import TableProfile
from freemlops.i18n import Translator


class ProfileOut(msgspec.Struct):
    """`columns` by name. `sampled_rows` were looked at for quantiles and relations."""

    rows: int
    sampled_rows: int
    duplicate_rows: int | None
    columns: dict[str, dict[str, Any]]
    correlations: list[dict[str, Any]]
    twins: list[list[str]]


class ActionOut(msgspec.Struct):
    """What a run can be asked to do. `by_default`: the guided flow does it."""

    kind: str
    columns: list[str]
    by_default: bool


class AdviceOut(msgspec.Struct):
    code: str
    severity: str
    columns: list[str]
    message: str
    todo: str
    evidence: dict[str, Any]
    action: ActionOut | None = None


class AdvicePage(msgspec.Struct):
    items: list[AdviceOut]


class SuggestionOut(msgspec.Struct):
    """`target` and `task` are null when no column can be predicted."""

    target: str | None
    target_reason: str
    task: str | None
    task_reason: str


class DiffOut(msgspec.Struct):
    """`columns` came, went or hold another type; `shifts` says how far values moved, `rows` what
    came, went and changed."""

    dataset: str
    before: int
    after: int
    rows_before: int
    rows_after: int
    columns: list[dict[str, Any]]
    shifts: list[dict[str, Any]]
    rows: dict[str, Any]


def profile_out(profile: TableProfile) -> ProfileOut:
    made: dict[str, Any] = msgspec.to_builtins(profile)
    return ProfileOut(**{**made, "columns": {c["name"]: c for c in made["columns"]}})


def advice_out(advice: Advice, t: Translator) -> AdviceOut:
    action = advice.action
    return AdviceOut(
        advice.code,
        advice.severity.value,
        list(advice.columns),
        t.text(advice.message),
        t.text(advice.todo),
        dict(advice.evidence),
        None
        if action is None
        else ActionOut(action.kind.value, list(action.columns), action.by_default),
    )


def diff_out(diff: Diff) -> DiffOut:
    return DiffOut(
        diff.after.dataset,
        diff.before.version,
        diff.after.version,
        diff.before.rows,
        diff.after.rows,
        msgspec.to_builtins(diff.columns),
        msgspec.to_builtins(diff.shifts),
        msgspec.to_builtins(diff.rows),
    )
