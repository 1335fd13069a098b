"""The registry: named models, immutable versions, aliases that move."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from freemlops.domain.errors import ConflictError, InvalidError, NotFoundError
from freemlops.domain.explanation import TESTED
from freemlops.domain.job import MEMORY
from freemlops.domain.model import CHAMPION, Approval, Artifact, LineageLine, ModelVersion
from freemlops.domain.page import Page
from freemlops.domain.ranking import rank
from freemlops.domain.run import Candidate, Run, RunStatus
from freemlops.domain.versions import VersionComparison, compare_signatures, pair_metrics
from freemlops.services.changes import Changes
from freemlops.serving.model import check_threshold
from freemlops.warehouse.warehouse import Warehouse

MOST_NOTE, MOST_TAGS, MOST_TAG = 20_000, 50, 60


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
        for version in self._store.versions_or_none(model):
            if (version.run, version.candidate) == (run, chosen.id):
                self._store.set_alias(model, CHAMPION, version.version)
                self._warehouse.deployment_rules.note_served()
                if threshold is not None:
                    self._warehouse.thresholds.set(model, version.version, threshold)
                self._changes.bump("models", "deployments")
                return self._store.get(model, version.version)
        kept = self._warehouse.runs.artifacts(run, chosen.id)
        artifacts = {f: file for f, file in kept.items() if f not in (TESTED, MEMORY)}
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

    def latest(
        self, limit: int = 50, cursor: str | None = None, name: str | None = None
    ) -> Page[ModelVersion]:
        """The newest version of each model, or of the one called `name`, if there is one."""
        if name is None:
            return self._store.latest(limit, cursor)
        return Page(self._store.versions_or_none(name)[:1])

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

    def drop_alias(self, model: str, alias: str) -> None:
        """Raises `NotFoundError`, and `ConflictError` while a deployment follows it."""
        self._store.drop_alias(model, alias)
        self._changes.bump("models", "deployments")

    def annotate(
        self,
        model: str,
        version: int,
        *,
        notes: str | None = None,
        tags: Sequence[str] | None = None,
    ) -> ModelVersion:
        """Change what people say of a version; what is not given stays."""
        known = self._store.get(model, version)
        self._store.annotate(
            model,
            version,
            known.notes if notes is None else _said(notes),
            known.tags if tags is None else _tags(tags),
            known.approval,
        )
        self._changes.bump("models")
        return self._store.get(model, version)

    def approve(self, model: str, version: int, by: str, note: str = "") -> ModelVersion:
        """Write down who says that the version may be used. A new approval replaces the last."""
        return self._approval(model, version, Approval(by, datetime.now(UTC), _said(note)))

    def withdraw_approval(self, model: str, version: int) -> ModelVersion:
        return self._approval(model, version, None)

    def _approval(self, model: str, version: int, approval: Approval | None) -> ModelVersion:
        known = self._store.get(model, version)
        self._store.annotate(model, version, known.notes, known.tags, approval)
        self._changes.bump("models")
        return self._store.get(model, version)

    def delete(self, model: str, version: int) -> None:
        """For good, with its aliases. Raises `ConflictError` while a deployment serves it."""
        files = {a.sha256 for a in self._store.get(model, version).artifacts.values()}
        self._store.delete(model, version)
        self._warehouse.artifacts.drop_unused(files)
        self._changes.bump("models", "deployments")

    def lineage(self, **asked: Any) -> tuple[LineageLine, ...]:
        """What came from what: versions by any of model, version, run, dataset, dataset_version,
        deployment and request, newest first."""
        return self._store.lineage(**asked)

    def compare(self, model: str, first: int, second: int) -> VersionComparison:
        """Two versions beside each other, measured or told by their bundles."""
        a, b = self._store.get(model, first), self._store.get(model, second)
        runs = [self._run(v) for v in (a, b)]
        candidates = [self._known(v) for v in (a, b)]
        same = None
        if runs[0] is not None and runs[1] is not None:
            same = _rows(runs[0]) == _rows(runs[1])
        scores = [c.holdout if c else {} for c in candidates]
        return VersionComparison(
            first=a,
            second=b,
            metrics=pair_metrics(scores[0], scores[1], same_data=same),
            columns=compare_signatures(a, b),
            same_target=a.signature.target == b.signature.target,
            same_data=same,
            sizes=(_size(a), _size(b)),
            latencies_ms=tuple(c.latency_ms if c else None for c in candidates),  # type: ignore[arg-type]
        )

    def _run(self, version: ModelVersion) -> Run | None:
        try:
            return self._warehouse.runs.get(version.run) if version.run else None
        except NotFoundError:
            return None

    def _known(self, version: ModelVersion) -> Candidate | None:
        if not version.run:
            return None
        found = self._warehouse.runs.candidates(version.run)
        return next((c for c in found if c.id == version.candidate), None)

    def artifact(self, version: ModelVersion, format: str) -> tuple[Artifact, bytes]:
        """The stored export of a version, its checksum verified."""
        found = version.artifacts.get(format)
        if found is None:
            raise NotFoundError("This model has no export in the format “{format}”.", format=format)
        return found, self._warehouse.artifacts.read(found.sha256)


def _rows(run: Run) -> tuple[object, ...]:
    """What makes two holdouts the same rows."""
    spec = run.spec
    return (spec.dataset, spec.version, spec.target, spec.split, spec.seed)


def _size(version: ModelVersion) -> int | None:
    onnx = version.artifacts.get("onnx")
    return onnx.size_bytes if onnx else None


def _said(text: str) -> str:
    if len(text) > MOST_NOTE:
        raise InvalidError("A note may have {most} characters at most.", most=MOST_NOTE)
    return text


def _tags(tags: Sequence[str]) -> tuple[str, ...]:
    made = tuple(dict.fromkeys(t.strip() for t in tags if t.strip()))
    if len(made) > MOST_TAGS or any(len(t) > MOST_TAG for t in made):
        raise InvalidError(
            "At most {count} tags of {length} characters each.", count=MOST_TAGS, length=MOST_TAG
        )
    return made


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
