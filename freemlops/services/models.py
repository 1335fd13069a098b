"""The registry: named models, immutable versions, aliases that move."""

from __future__ import annotations

import re
import unicodedata

from freemlops.domain.errors import ConflictError, InvalidError, NotFoundError
from freemlops.domain.model import CHAMPION, Artifact, ModelVersion
from freemlops.domain.page import Page
from freemlops.domain.ranking import rank
from freemlops.domain.run import Candidate, Run, RunStatus
from freemlops.services.changes import Changes
from freemlops.serving.model import check_threshold
from freemlops.warehouse import Warehouse


class ModelService:
    """Blocking and thread-safe; every method may raise `NotFoundError`."""

    def __init__(self, warehouse: Warehouse, changes: Changes) -> None:
        self._warehouse = warehouse
        self._store = warehouse.models
        self._changes = changes

    def register(
        self,
        run: str,
        candidate: str | None = None,
        name: str | None = None,
        threshold: float | None = None,
    ) -> ModelVersion:
        """A new version of the model `name` from a run's candidate (its best by default).

        The version becomes the `champion`. The same candidate registered again under the same
        name is the version that is there already. Raises `ConflictError` while the run has no
        candidate to register.
        """
        known = self._warehouse.runs.get(run)
        chosen = self._candidate(known, candidate)
        check_threshold(self._warehouse.runs.signature(run), threshold)
        model = slug(name or known.spec.name or _default_name(known))
        for version in self._versions_or_none(model):
            if (version.run, version.candidate) == (run, chosen.id):
                self._store.set_alias(model, CHAMPION, version.version)
                self._warehouse.deployment_rules.note_served()
                if threshold is not None:
                    self._warehouse.thresholds.set(model, version.version, threshold)
                self._changes.bump("models", "deployments")
                return self._store.get(model, version.version)
        artifacts = self._warehouse.runs.artifacts(run, chosen.id)
        if "onnx" not in artifacts:
            raise ConflictError(
                "This candidate has no proven export, so it can't be registered. "
                "Choose another one from the leaderboard."
            )
        made = self._store.register(
            model=model,
            run=run,
            candidate=chosen.id,
            family=chosen.family,
            signature=self._warehouse.runs.signature(run),
            metric=known.spec.metric,
            score=chosen.holdout[known.spec.metric].value,
            artifacts=artifacts,
            alias=CHAMPION,
        )
        self._warehouse.deployment_rules.note_served()
        if threshold is not None:
            self._warehouse.thresholds.set(made.model, made.version, threshold)
        self._changes.bump("models", "deployments")
        return made

    def _candidate(self, run: Run, candidate: str | None) -> Candidate:
        board = rank(self._warehouse.runs.candidates(run.id), run.spec.metric, run.best)
        if run.status is RunStatus.CANCELLED:
            raise ConflictError("This run was cancelled: none of its models was kept.")
        if candidate is None and not run.status.is_over:
            raise ConflictError("This run is still training. Stop it first, or wait for its end.")
        wanted = candidate or run.best or (board[0].id if board else None)
        if wanted is None:
            raise ConflictError("This run has no model to register.")
        found = next((c for c in board if c.id == wanted), None)
        if found is None:
            raise NotFoundError(
                "There is no candidate “{candidate}” in this run.", candidate=wanted
            )
        return found

    def _versions_or_none(self, model: str) -> tuple[ModelVersion, ...]:
        try:
            return self._store.versions(model)
        except NotFoundError:
            return ()

    def latest(
        self, limit: int = 50, cursor: str | None = None, name: str | None = None
    ) -> Page[ModelVersion]:
        """The newest version of each model, or of the one called `name`, if there is one."""
        if name is None:
            return self._store.latest(limit, cursor)
        return Page(self._versions_or_none(name)[:1])

    def get(self, model: str, version: int | None = None, alias: str | None = None) -> ModelVersion:
        return self._store.get(model, version, alias)

    def versions(self, model: str) -> tuple[ModelVersion, ...]:
        return self._store.versions(model)

    def set_alias(self, model: str, alias: str, version: int) -> ModelVersion:
        """Point the alias at the version; deployments that follow it serve it from now on."""
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", alias):
            raise InvalidError(
                "“{alias}” can't be an alias. Use 1 to 40 lower-case letters, digits, - and _.",
                alias=alias,
            )
        self.check(self._store.get(model, version))
        self._store.set_alias(model, alias, version)
        self._warehouse.deployment_rules.note_served()
        self._changes.bump("models", "deployments")
        return self._store.get(model, version)

    def check(self, version: ModelVersion) -> None:
        """Raises `WarehouseError` when the stored model is damaged: before it would answer."""
        self.artifact(version, "onnx")

    def threshold(self, version: ModelVersion) -> float | None:
        """The probability of the second class from which the version decides for it."""
        return self._warehouse.thresholds.get(version.model, version.version)

    def set_threshold(self, model: str, version: int, threshold: float | None) -> None:
        """None takes it away. Raises `InvalidError` when the model can't decide by it."""
        known = self._store.get(model, version)
        check_threshold(known.signature, threshold)
        self._warehouse.thresholds.set(model, version, threshold)
        self._changes.bump("models", "deployments")

    def artifact(self, version: ModelVersion, format: str) -> tuple[Artifact, bytes]:
        """The stored export of a version, its checksum verified."""
        found = version.artifacts.get(format)
        if found is None:
            raise NotFoundError("This model has no export in the format “{format}”.", format=format)
        return found, self._warehouse.artifacts.read(found.sha256)


def _default_name(run: Run) -> str:
    """Dataset and target: two questions to one table are two models, each with its signature."""
    if run.dataset_name.lower() == run.spec.target.lower():
        return run.dataset_name
    return f"{run.dataset_name}-{run.spec.target}"


def slug(name: str) -> str:
    """A name that stands in a URL as it is: `Inadimplência (2024)` → `inadimplencia-2024`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-")
    return made or "model"
