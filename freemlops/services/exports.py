"""A candidate or a model version as a file, with the proof that it answers like the original."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from freemlops.domain.bundle import Lineage, Manifest, Parity
from freemlops.domain.errors import InvalidError, NotFoundError
from freemlops.domain.export import FORMATS, Export
from freemlops.domain.model import Artifact, ModelVersion, Signature
from freemlops.domain.run import Candidate, Run
from freemlops.engine.export.script import Facts, render
from freemlops.services.cards import card
from freemlops.services.container import container_context
from freemlops.services.scratch import Scratch
from freemlops.services.skops_files import skops_file
from freemlops.services.written import written
from freemlops.serving.bundle import CARDS, Bundle, Samples, write_bundle
from freemlops.warehouse.warehouse import Warehouse

PICKLE_NEEDS = (
    "freemlops", "numpy", "scipy", "scikit-learn", "lightgbm", "xgboost-cpu", "pandas", "pyarrow",
    "joblib",
)  # fmt: skip
"""Whatever family is in it: the classes of the pickle import them."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is exported: a candidate of a run, or a version with or without one."""

    name: str
    artifacts: Mapping[str, Artifact]
    signature: Signature
    family: str
    metric: str
    score: float
    created_at: datetime
    run: Run | None = None
    candidate: Candidate | None = None
    version: ModelVersion | None = None

    @property
    def parity(self) -> Parity | None:
        if self.candidate is not None and self.candidate.parity is not None:
            return Parity(self.candidate.parity, self.candidate.parity_rows)
        imported = self.version.imported if self.version else None
        return imported.manifest.parity if imported else None

    @property
    def libraries(self) -> Mapping[str, str]:
        if self.run is not None:
            return self.run.libraries or self.run.plan.get("libraries") or {}
        imported = self.version.imported if self.version else None
        return imported.manifest.libraries if imported else {}


class ExportService:
    """Blocking and thread-safe. Raises `NotFoundError` for what is not there or has no export
    of that format, and `InvalidError` for a format that does not exist."""

    def __init__(self, warehouse: Warehouse, scratch: Scratch) -> None:
        self._warehouse = warehouse
        self._scratch = scratch
        self._bundles: dict[tuple[str, int, str], str] = {}

    def bundle_sha256(self, version: ModelVersion) -> str | None:
        """What the version's bundle was called when it was last made, None if it never was.

        A replica asks for it every few seconds: making the bundle to compare it would cost more
        than to answer its predictions.
        """
        return self._bundles.get(_key(version))

    def candidate(self, run: str, candidate: str, format: str) -> Export:
        _check(format)
        return self._export(self._of_run(run, candidate), format)

    def has_script(self, run: str, candidate: str) -> bool:
        """Whether `candidate` would give the format `code`; writes nothing."""
        try:
            self._scripted(self._of_run(run, candidate))
        except NotFoundError:
            return False
        return True

    def _of_run(self, run: str, candidate: str) -> _Subject:
        known = self._warehouse.runs.get(run)
        artifacts = self._warehouse.runs.artifacts(run, candidate)
        found = self._candidate(run, candidate)
        if found is None:
            raise NotFoundError(
                "There is no candidate “{candidate}” in this run.", candidate=candidate
            )
        metric = known.spec.metric
        return _Subject(
            f"{known.id}-{found.id}", artifacts, self._warehouse.runs.signature(run),
            found.family, metric, found.holdout[metric].value,
            known.finished_at or known.created_at, known, found,
        )  # fmt: skip

    def parity(self, version: ModelVersion) -> Parity | None:
        """The proof of a version's export, None when its run is gone."""
        return self._subject(version).parity

    def manifest(self, version: ModelVersion) -> Manifest:
        """What a version's bundle says about it."""
        return self._manifest(self._subject(version))

    def version(self, version: ModelVersion, format: str) -> Export:
        _check(format)
        made = self._export(self._subject(version), format)
        if format == "bundle":
            self._bundles[_key(version)] = made.sha256
        return made

    def _subject(self, version: ModelVersion) -> _Subject:
        run = candidate = None
        if version.run:
            try:
                run = self._warehouse.runs.get(version.run)
                candidate = self._candidate(version.run, version.candidate)
            except NotFoundError:
                pass  # the run is gone; what was registered is not
        return _Subject(
            f"{version.model}-{version.version}", version.artifacts, version.signature,
            version.family, version.metric, version.score, version.created_at, run, candidate,
            version,
        )  # fmt: skip

    def _candidate(self, run: str, candidate: str) -> Candidate | None:
        found = self._warehouse.runs.candidates(run)
        return next((c for c in found if c.id == candidate), None)

    def _export(self, subject: _Subject, format: str) -> Export:
        match format:
            case "requirements":
                self._artifact(subject, "pickle")
                content = _requirements(subject.libraries)
            case "skops":
                pickle = self._artifact(subject, "pickle")
                self._recipe(subject)
                content = skops_file(pickle, self._artifact(subject, "recipe"), self._scratch)
            case "code":
                content = self._code(subject)
            case "bundle":
                content = self._bundle(subject)
            case "container":
                content = container_context(self._bundle(subject), subject.name)
            case _:
                content = self._artifact(subject, format)
        parity = subject.parity if format != "requirements" else None
        filename = f"{subject.name}.{FORMATS[format].suffix}"
        return Export(format, filename, content, parity)

    def _artifact(self, subject: _Subject, format: str) -> bytes:
        found = subject.artifacts.get(format)
        if found is None:
            raise NotFoundError("This model has no export in the format “{format}”.", format=format)
        return self._warehouse.artifacts.read(found.sha256)

    def _recipe(self, subject: _Subject) -> dict[str, Any]:
        if "recipe" not in subject.artifacts:
            raise NotFoundError(
                "This model was trained before scripts and bundles were kept. Train it again to "
                "get them."
            )
        made: dict[str, Any] = json.loads(self._artifact(subject, "recipe"))
        return made

    def _scripted(self, subject: _Subject) -> tuple[dict[str, Any], Run, Candidate]:
        """All that a script is written from. Raises `NotFoundError` where none can repeat it."""
        recipe = self._recipe(subject)
        if "members" not in recipe:
            raise NotFoundError("An imported model comes without the script that trains it.")
        if recipe.get("sampled"):
            raise NotFoundError(
                "This training searched a drawn part of a large table, which no script repeats "
                "yet. Download the ONNX file or the bundle instead."
            )
        if recipe.get("worded"):
            raise NotFoundError(
                "This model reads a text word by word, which no script repeats yet. Download the "
                "ONNX file or the bundle instead."
            )
        run, candidate = subject.run, subject.candidate
        if run is None or candidate is None:
            raise NotFoundError("The run that this model came from is gone, and its script too.")
        return recipe, run, candidate

    def _code(self, subject: _Subject) -> bytes:
        recipe, run, candidate = self._scripted(subject)
        facts = Facts(
            run=run.id,
            candidate=candidate.id,
            family=candidate.family,
            dataset=run.dataset_name,
            filename=self._dataset(run)[1],
            metric=run.spec.metric,
            libraries=subject.libraries,
            written=written(self._warehouse, run.spec.dataset, run.spec.version),
        )
        return render(recipe, facts).encode()

    def _bundle(self, subject: _Subject) -> bytes:
        recipe = self._recipe(subject)
        manifest = self._manifest(subject)
        cards = {name: card(manifest, subject.signature, name.split(".")[1]) for name in CARDS}
        samples = Samples(recipe["samples"]["columns"], recipe["samples"]["outputs"])
        model = self._artifact(subject, "onnx")
        return write_bundle(Bundle(manifest, subject.signature, model, samples, cards))

    def _manifest(self, subject: _Subject) -> Manifest:
        version, run = subject.version, subject.run
        if version is not None and version.imported is not None:
            lineage = version.imported.manifest.lineage
        else:
            lineage = Lineage(
                run=version.run if version else run.id if run else "",
                candidate=version.candidate if version else "",
            )
            if run is not None:
                sha256, _ = self._dataset(run)
                lineage = Lineage(
                    run.id,
                    subject.candidate.id if subject.candidate else lineage.candidate,
                    run.spec.dataset,
                    run.dataset_name,
                    run.spec.version,
                    sha256,
                )
        return Manifest(
            model=version.model if version else None,
            version=version.version if version else None,
            family=subject.family,
            metric=subject.metric,
            score=None if math.isnan(subject.score) else subject.score,
            created=subject.created_at.isoformat(),
            lineage=lineage,
            parity=subject.parity,
            libraries=dict(sorted(subject.libraries.items())),
        )

    def _dataset(self, run: Run) -> tuple[str, str]:
        """The hash and the file name of the run's data."""
        try:
            found = self._warehouse.datasets.get(run.spec.dataset, run.spec.version)
        except NotFoundError:
            return str(run.plan.get("data_sha256") or ""), f"{run.dataset_name}.csv"
        return found.sha256, found.filename


def _key(version: ModelVersion) -> tuple[str, int, str]:
    return (version.model, version.version, version.artifacts["onnx"].sha256)


def _check(format: str) -> None:
    if format not in FORMATS:
        raise InvalidError(
            "There is no export format “{format}”. Choose one of: {formats}.",
            format=format[:40],
            formats=", ".join(FORMATS),
        )


def _requirements(libraries: Mapping[str, str]) -> bytes:
    lines = [f"# What the pickle needs, under Python {libraries.get('python', '')}."]
    lines += [f"{name}=={libraries[name]}" for name in PICKLE_NEEDS if name in libraries]
    return ("\n".join(lines) + "\n").encode()
