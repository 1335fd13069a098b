"""What the deployment calls take and say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from freemlops.api.schemas.common import version_number
from freemlops.domain.errors import InvalidError
from freemlops.domain.model import Deployment, DeploymentRules, ModelVersion, Target
from freemlops.services.prediction_log import Traffic


class DeploymentIn(msgspec.Struct, forbid_unknown_fields=True):
    """A fixed `version`, or an `alias` that is followed; with neither it is the alias `champion`,
    and both are refused (422)."""

    model: str
    name: str | None = None
    version: int | str | None = None
    alias: str | None = None


class TargetIn(msgspec.Struct, forbid_unknown_fields=True):
    """Exactly one of the two."""

    version: int | str | None = None
    alias: str | None = None


class ChallengerIn(TargetIn, forbid_unknown_fields=True):
    """`share` of the requests, from 0 to 1; `by` request, or by API key: then all requests of a
    key are answered by the same version."""

    share: float = 0.1
    by: str = "request"


class LogIn(msgspec.Struct, forbid_unknown_fields=True):
    """`share` of the requests is logged, with the rows that were asked when `inputs`, for
    `days`. What is not given stays as it is."""

    share: float | None = None
    inputs: bool | None = None
    days: int | None = None


class DeploymentChange(msgspec.Struct, forbid_unknown_fields=True):
    """Any of: another status (live, paused); another version or alias; `roll_back` to the
    version served before (409 when that was deleted since), alone of the three; a challenger or a
    shadow, null to end it; the log; whether a key is needed."""

    status: str | None = None
    version: int | str | None = None
    alias: str | None = None
    roll_back: bool = False
    challenger: ChallengerIn | UnsetType | None = UNSET
    shadow: TargetIn | UnsetType | None = UNSET
    log: LogIn | None = None
    needs_key: bool | None = None


class TargetOut(msgspec.Struct):
    version: int | None
    alias: str | None


class ChallengerOut(TargetOut, kw_only=True):
    share: float
    by: str


class LogOut(msgspec.Struct):
    share: float
    inputs: bool
    days: int


class ServedOut(msgspec.Struct):
    """`deleted`: the version is gone, so nothing can be rolled back to it."""

    version: int
    since: datetime
    deleted: bool


class DeploymentOut(msgspec.Struct):
    deployment: str
    endpoint: str
    model: str
    version: int
    alias: str | None
    status: str
    created_at: datetime
    challenger: ChallengerOut | None
    shadow: TargetOut | None
    log: LogOut
    needs_key: bool


class DeploymentList(msgspec.Struct):
    items: list[DeploymentOut]
    cursor: str | None = None


class HistoryOut(msgspec.Struct):
    items: list[ServedOut]


class VersionTraffic(msgspec.Struct):
    version: int
    role: str
    requests: int
    rows: int
    warned: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    last_at: datetime


class MinuteOut(msgspec.Struct):
    minute: datetime
    requests: int
    rows: int


class ErrorsOut(msgspec.Struct):
    minute: datetime
    status: int
    count: int


class TrafficOut(msgspec.Struct):
    """From the log, so of the logged share alone. `same` of the `compared` rows were answered
    alike by the shadow. `dropped`: notes of all endpoints lost since the start of the server.
    `errors`: requests that the endpoint refused, by minute and status; all since `errors_since`,
    that start, for they are counted in memory."""

    since: datetime
    versions: list[VersionTraffic]
    minutes: list[MinuteOut]
    compared: int
    same: int
    dropped: int
    errors: list[ErrorsOut]
    errors_since: datetime | None


def deployment_out(
    deployment: Deployment, served: ModelVersion, rules: DeploymentRules
) -> DeploymentOut:
    challenger, shadow = rules.challenger, rules.shadow
    return DeploymentOut(
        deployment=deployment.name,
        endpoint=f"/api/v1/endpoints/{deployment.name}/predict",
        model=deployment.model,
        version=served.version,
        alias=deployment.alias,
        status=deployment.status.value,
        created_at=deployment.created_at,
        challenger=None
        if challenger is None
        else ChallengerOut(
            challenger.version,
            challenger.alias,
            share=rules.share,
            by="key" if rules.by_key else "request",
        ),
        shadow=None if shadow is None else TargetOut(shadow.version, shadow.alias),
        log=LogOut(rules.log_share, rules.log_inputs, rules.log_days),
        needs_key=rules.needs_key,
    )


def changed_rules(known: DeploymentRules, change: DeploymentChange) -> DeploymentRules:
    """The rules after the change. Raises `InvalidError`."""
    made = known
    if change.challenger is None:
        made = replace(made, challenger=None, share=0.0, by_key=False)
    elif change.challenger is not UNSET:
        asked = change.challenger
        if asked.by not in ("request", "key"):
            raise InvalidError("Requests are shared out by “request” or by “key”.")
        target = _target(asked)
        made = replace(made, challenger=target, share=asked.share, by_key=asked.by == "key")
    if change.shadow is not UNSET:
        made = replace(made, shadow=None if change.shadow is None else _target(change.shadow))
    if (log := change.log) is not None:
        made = replace(
            made,
            log_share=made.log_share if log.share is None else log.share,
            log_inputs=made.log_inputs if log.inputs is None else log.inputs,
            log_days=made.log_days if log.days is None else log.days,
        )
    return made if change.needs_key is None else replace(made, needs_key=change.needs_key)


def _target(asked: TargetIn) -> Target:
    if (asked.version is None) == (asked.alias is None):
        raise InvalidError("Name either a version or an alias.")
    version = None if asked.version is None else version_number(asked.version)
    return Target(asked.alias, version)


def traffic_out(traffic: Traffic) -> TrafficOut:
    return TrafficOut(
        traffic.since,
        msgspec.convert(traffic.versions, list[VersionTraffic]),
        msgspec.convert(traffic.minutes, list[MinuteOut]),
        traffic.compared,
        traffic.same,
        traffic.dropped,
        [ErrorsOut(e.at, e.status, e.count) for e in traffic.errors],
        traffic.errors_since,
    )
