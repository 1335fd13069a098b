"""Deployments: a named endpoint and the model version that answers there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from freemlops.domain.errors import ConflictError, InvalidError
from freemlops.domain.model import (
    CHAMPION,
    Deployment,
    DeploymentRules,
    DeploymentStatus,
    ModelVersion,
    ServedVersion,
)
from freemlops.services.changes import Changes
from freemlops.services.models import ModelService, slug
from freemlops.warehouse.warehouse import Warehouse


class DeploymentService:
    """Blocking and thread-safe; every method may raise `NotFoundError`."""

    def __init__(self, warehouse: Warehouse, models: ModelService, changes: Changes) -> None:
        self._store = warehouse.deployments
        self._rules = warehouse.deployment_rules
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

        Raises `ConflictError` when the name is taken, `InvalidError` for a version and an alias.
        """
        if version is not None and alias is not None:
            raise InvalidError("Name either a version or an alias.")
        if version is None and alias is None:
            alias = CHAMPION
        self._models.check(self._models.get(model, version, alias))
        made = Deployment(
            name=slug(name),
            model=model,
            status=DeploymentStatus.LIVE,
            created_at=datetime.now(UTC),
            alias=alias,
            version=version,
        )
        self._store.add(made)
        self._rules.note_served()
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
        """Serve another version from the next request on (roll forward or back).

        Raises `InvalidError` unless it is named by one of the two.
        """
        if (version is None) == (alias is None):
            raise InvalidError("Name either a version or an alias.")
        known = self._store.get(name)
        self._models.check(self._models.get(known.model, version, alias))
        self._store.set_target(name, alias=alias, version=version)
        self._rules.note_served()
        self._changes.bump("deployments")
        return self._store.get(name)

    def history(self, name: str) -> tuple[ServedVersion, ...]:
        """Newest first."""
        self._store.get(name)
        return self._rules.served(name)

    def roll_back(self, name: str) -> Deployment:
        """Serve, fixed, the version that was served before the one of now; again undoes it.

        Raises `ConflictError` when there was none, or it was deleted since: an older one in its
        place would not be what was asked for.
        """
        now = self.served(self._store.get(name)).version
        before = before_of(self._rules.served(name), now)
        if before is None:
            raise ConflictError("This deployment has served no other version before.")
        if before.deleted:
            raise ConflictError(
                "Version {n}, which answered before, was deleted since. Choose another one.",
                n=before.version,
            )
        return self.point(name, version=before.version)

    def rules(self, name: str) -> DeploymentRules:
        return self._rules.get(name)

    def set_rules(self, name: str, rules: DeploymentRules) -> None:
        """Raises `NotFoundError` and `InvalidError` for a second version that can't answer in
        the place of the first."""
        known = self._store.get(name)
        main = self.served(known)
        if not 0 <= rules.share <= 1 or not 0 <= rules.log_share <= 1:
            raise InvalidError("A share is a number from 0 to 1.")
        if not 1 <= rules.log_days <= 3650:
            raise InvalidError("The log can be kept for 1 to 3650 days.")
        for target in (rules.challenger, rules.shadow):
            if target is not None:
                other = self._models.get(known.model, target.version, target.alias)
                self._models.check(other)
                _check_alike(main, other)
        self._rules.set(name, rules)
        self._changes.bump("deployments")

    def delete(self, name: str) -> None:
        self._store.get(name)
        self._store.delete(name)
        self._changes.bump("deployments")


def before_of(served: Sequence[ServedVersion], now: int) -> ServedVersion | None:
    """What a roll back leads to: the newest of what was served that is not version `now`."""
    return next((one for one in served if one.version != now), None)


def _check_alike(main: ModelVersion, other: ModelVersion) -> None:
    """Callers send the columns of the main version and read answers of its kind."""
    known = {c.name for c in main.signature.columns}
    lacking = [c.name for c in other.signature.columns if c.name not in known]
    if other.signature.task is not main.signature.task or lacking:
        raise InvalidError(
            "Version {version} answers another question or needs other columns, so it can't "
            "answer in the place of version {main}.",
            version=other.version,
            main=main.version,
        )
