"""Deployments: a named endpoint and the model version that answers there."""

from __future__ import annotations

from datetime import UTC, datetime

from freemlops.domain.model import CHAMPION, Deployment, DeploymentStatus, ModelVersion
from freemlops.services.changes import Changes
from freemlops.services.models import ModelService, slug
from freemlops.warehouse import Warehouse


class DeploymentService:
    """Blocking and thread-safe; every method may raise `NotFoundError`."""

    def __init__(self, warehouse: Warehouse, models: ModelService, changes: Changes) -> None:
        self._store = warehouse.deployments
        self._models = models
        self._changes = changes

    def use(self, run: str, candidate: str | None = None, name: str | None = None) -> Deployment:
        """The “Use it” button: register the candidate as champion and serve the champion.

        Pressing it again for the same model keeps its one endpoint.
        """
        version = self._models.register(run, candidate, name)
        for known in self._store.list():
            if known.model == version.model and known.alias == CHAMPION:
                return known
        return self.create(version.model, self._free_name(version.model), alias=CHAMPION)

    def create(
        self, model: str, name: str, version: int | None = None, alias: str | None = None
    ) -> Deployment:
        """Serve a fixed version, or whatever the alias (the champion by default) points to.

        Raises `ConflictError` when the name is taken.
        """
        if version is None and alias is None:
            alias = CHAMPION
        self._models.get(model, version, alias)
        made = Deployment(
            name=slug(name),
            model=model,
            status=DeploymentStatus.LIVE,
            created_at=datetime.now(UTC),
            alias=alias if version is None else None,
            version=version,
        )
        self._store.add(made)
        self._changes.bump("deployments")
        return made

    def _free_name(self, wanted: str) -> str:
        taken = {d.name for d in self._store.list()}
        names = (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3)))
        return next(n for n in names if n not in taken)

    def list(self) -> tuple[Deployment, ...]:
        return self._store.list()

    def get(self, name: str) -> Deployment:
        return self._store.get(name)

    def served(self, deployment: Deployment) -> ModelVersion:
        """The version that answers now."""
        return self._models.get(deployment.model, deployment.version, deployment.alias)

    def pause(self, name: str) -> Deployment:
        return self._set(name, DeploymentStatus.PAUSED)

    def resume(self, name: str) -> Deployment:
        return self._set(name, DeploymentStatus.LIVE)

    def _set(self, name: str, status: DeploymentStatus) -> Deployment:
        self._store.set_status(name, status)
        self._changes.bump("deployments")
        return self._store.get(name)

    def point(
        self, name: str, *, version: int | None = None, alias: str | None = None
    ) -> Deployment:
        """Serve another version from the next request on (roll forward or back)."""
        known = self._store.get(name)
        self._models.get(known.model, version, alias)
        self._store.set_target(name, alias=alias, version=version)
        self._changes.bump("deployments")
        return self._store.get(name)

    def delete(self, name: str) -> None:
        self._store.get(name)
        self._store.delete(name)
        self._changes.bump("deployments")
