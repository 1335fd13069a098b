"""Deployments over HTTP."""

from __future__ import annotations

from litestar import Controller, delete, get, patch, post

from freemlops.api.schemas.common import version_number
from freemlops.api.schemas.models import (
    DeploymentChange,
    DeploymentIn,
    DeploymentList,
    DeploymentOut,
    deployment_out,
)
from freemlops.bootstrap import Platform
from freemlops.domain.errors import InvalidError
from freemlops.domain.model import Deployment, DeploymentStatus


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

    @patch("/{name:str}", sync_to_thread=True)
    def change(self, data: DeploymentChange, platform: Platform, name: str) -> DeploymentOut:
        """Pause (`{"status": "paused"}`), resume (`live`), or serve another version or alias."""
        service = platform.deployments
        made = service.get(name)
        if data.status is not None and data.status not in list(DeploymentStatus):
            raise InvalidError(
                "A deployment can be “live” or “paused”, not “{status}”.", status=data.status
            )
        if data.version is not None or data.alias is not None:
            version = None if data.version is None else version_number(data.version)
            made = service.point(name, version=version, alias=data.alias)
        if data.status is not None:
            live = data.status == DeploymentStatus.LIVE
            made = service.resume(name) if live else service.pause(name)
        return _out(platform, made)

    @delete("/{name:str}", sync_to_thread=True)
    def remove(self, platform: Platform, name: str) -> None:
        """Take the endpoint away. The model and its versions stay."""
        platform.deployments.delete(name)


def _out(platform: Platform, deployment: Deployment) -> DeploymentOut:
    return deployment_out(deployment, platform.deployments.served(deployment))
