"""Deployments over HTTP."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, delete, get, patch, post
from litestar.params import Parameter

from freemlops.api.schemas.common import version_number
from freemlops.api.schemas.deployments import (
    DeploymentChange,
    DeploymentIn,
    DeploymentList,
    DeploymentOut,
    HistoryOut,
    ServedOut,
    TrafficOut,
    changed_rules,
    deployment_out,
    traffic_out,
)
from freemlops.api.schemas.logged import LoggedAnswers, logged_out
from freemlops.bootstrap import Platform
from freemlops.domain.errors import InvalidError
from freemlops.domain.model import Deployment, DeploymentStatus

Minutes = Annotated[int, Parameter(ge=1, le=7 * 24 * 60)]


class DeploymentController(Controller):
    path = "/deployments"
    tags = ("deployments",)

    @post(status_code=201, sync_to_thread=True)
    def create(self, data: DeploymentIn, platform: Platform) -> DeploymentOut:
        """Serve a model at an endpoint of its own."""
        version = None if data.version is None else version_number(data.version)
        made = platform.deployments.create(data.model, data.name or data.model, version, data.alias)
        return _out(platform, made)

    @get(sync_to_thread=True)
    def listing(self, platform: Platform) -> DeploymentList:
        return DeploymentList([_out(platform, d) for d in platform.deployments.list()])

    @get("/{name:str}", sync_to_thread=True)
    def one(self, platform: Platform, name: str) -> DeploymentOut:
        return _out(platform, platform.deployments.get(name))

    @get("/{name:str}/history", sync_to_thread=True)
    def history(self, platform: Platform, name: str) -> HistoryOut:
        """The versions that it served and since when, newest first."""
        return HistoryOut(
            [
                ServedOut(one.version, one.since, one.deleted)
                for one in platform.deployments.history(name)
            ]
        )

    @get("/{name:str}/traffic", sync_to_thread=True)
    def traffic(self, platform: Platform, name: str, minutes: Minutes = 60) -> TrafficOut:
        """What it answered in the last minutes, by version and by minute, from its log."""
        platform.deployments.get(name)
        return traffic_out(platform.journal.traffic(name, minutes))

    @get("/{name:str}/answers/{request_id:str}", sync_to_thread=True)
    def answers(self, platform: Platform, name: str, request_id: str) -> LoggedAnswers:
        """What it answered to one request (by the `X-Request-Id` of the answer), from its log: the
        first 1,000 rows, each with the version, run and data that the answer came from."""
        platform.deployments.get(name)
        return logged_out(platform.traffic.answered(name, request_id))

    @patch("/{name:str}", sync_to_thread=True)
    def change(self, data: DeploymentChange, platform: Platform, name: str) -> DeploymentOut:
        """Pause it (`{"status": "paused"}`) or resume it (`live`), serve another version or
        alias, or the one before (`{"roll_back": true}`), share its requests with a challenger,
        let a shadow answer in silence, say what is logged and whether a key is needed."""
        service = platform.deployments
        made = service.get(name)
        if data.status is not None and data.status not in list(DeploymentStatus):
            raise InvalidError(
                "A deployment can be “live” or “paused”, not “{status}”.", status=data.status
            )
        if data.roll_back and (data.version is not None or data.alias is not None):
            raise InvalidError("Either roll back, or name a version or an alias.")
        known = service.rules(name)
        rules = changed_rules(known, data)
        if data.roll_back:
            made = service.roll_back(name)
        elif data.version is not None or data.alias is not None:
            version = None if data.version is None else version_number(data.version)
            made = service.point(name, version=version, alias=data.alias)
        if rules != known:
            service.set_rules(name, rules)
        if data.status is not None:
            live = data.status == DeploymentStatus.LIVE
            made = service.resume(name) if live else service.pause(name)
        return _out(platform, made)

    @delete("/{name:str}", sync_to_thread=True)
    def remove(self, platform: Platform, name: str) -> None:
        """Take the endpoint away, and its log. The model and its versions stay."""
        platform.deployments.delete(name)


def _out(platform: Platform, deployment: Deployment) -> DeploymentOut:
    service = platform.deployments
    return deployment_out(deployment, service.served(deployment), service.rules(deployment.name))
