"""The composition root: builds the services of this process, once, and takes them down."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TypedDict

import psutil

from freemlops.domain.errors import UsageError
from freemlops.domain.job import Trainer
from freemlops.services.batches import BatchLimits, BatchService
from freemlops.services.changes import Changes
from freemlops.services.comparisons import ComparisonService
from freemlops.services.datasets import DatasetService
from freemlops.services.deployments import DeploymentService
from freemlops.services.diffs import DiffService
from freemlops.services.evaluation import EvaluationService
from freemlops.services.experiments import ExperimentService
from freemlops.services.explanations import ExplanationService
from freemlops.services.exports import ExportService
from freemlops.services.imports import ImportService
from freemlops.services.intake import IntakeService
from freemlops.services.keys import KeyService
from freemlops.services.models import ModelService
from freemlops.services.prediction_log import PredictionLog
from freemlops.services.predictions import PredictionService
from freemlops.services.profiles import ProfileService
from freemlops.services.reports import ReportService
from freemlops.services.run_job import TrainerLimits
from freemlops.services.runs import RunService
from freemlops.services.scratch import Scratch
from freemlops.services.sql import SqlLimits, SqlService
from freemlops.services.storage import StorageService
from freemlops.services.traffic import TrafficService
from freemlops.services.uploads import UploadService
from freemlops.serving.endpoint import Endpoint
from freemlops.settings import Settings, from_environment
from freemlops.warehouse.warehouse import Warehouse


@dataclass
class Platform:
    """Everything that pages, API and commands call. One a process."""

    settings: Settings
    warehouse: Warehouse
    trainer: Trainer
    changes: Changes
    datasets: DatasetService
    profiles: ProfileService
    diffs: DiffService
    intake: IntakeService
    uploads: UploadService
    storage: StorageService
    runs: RunService
    experiments: ExperimentService
    models: ModelService
    deployments: DeploymentService
    exports: ExportService
    imports: ImportService
    predictions: PredictionService
    batches: BatchService
    evaluation: EvaluationService
    comparisons: ComparisonService
    explanations: ExplanationService
    reports: ReportService
    sql: SqlService
    keys: KeyService
    journal: PredictionLog
    traffic: TrafficService
    endpoint: Endpoint
    _base: str = field(default="", repr=False)

    def api_base(self) -> str:
        """Where the REST API answers, such as `http://127.0.0.1:5006`."""
        return self._base or f"http://{self.settings.host}:{self.settings.port}"

    def announce(self, base: str) -> None:
        """Tell pages and other processes where the API is, once it listens."""
        self._base = base
        self.warehouse.announce(base)

    def close(self) -> None:
        """Kill trainings, flush the writer, give the warehouse back. Safe to call twice."""
        self.sql.close()
        self.batches.close()
        self.runs.close()
        self.journal.close()
        self.warehouse.close()


class _Results(TypedDict):
    evaluation: EvaluationService
    comparisons: ComparisonService
    explanations: ExplanationService
    reports: ReportService


def build(settings: Settings) -> Platform:
    """Open the warehouse and wire the services.

    Raises `WarehouseHeldError` when another process owns the warehouse, `UsageError` and
    `ConflictError` when trainings can't run where the settings say.
    """
    warehouse, trainer = _opened(settings)
    changes = Changes()
    datasets = DatasetService(warehouse, changes)
    profiles = ProfileService(warehouse)
    intake = IntakeService(warehouse, Scratch(settings.home / "scratch"), changes)
    limits = _trainer_limits(settings)
    runs = RunService(warehouse, trainer, settings.home / "jobs", changes, limits)
    experiments = ExperimentService(warehouse, changes)
    models = ModelService(warehouse, changes)
    deployments = DeploymentService(warehouse, models, changes)
    predictions = PredictionService(
        deployments, models, changes, settings.max_rows, settings.keys_only
    )
    exports = ExportService(warehouse, intake.scratch)
    uploads = UploadService(intake)
    keys = KeyService(warehouse, changes)
    journal = PredictionLog(warehouse, beside=keys.flush)
    return Platform(
        settings=settings,
        warehouse=warehouse,
        trainer=trainer,
        changes=changes,
        datasets=datasets,
        profiles=profiles,
        diffs=DiffService(warehouse, profiles),
        intake=intake,
        uploads=uploads,
        storage=StorageService(warehouse, changes, runs.recover),
        runs=runs,
        experiments=experiments,
        models=models,
        deployments=deployments,
        exports=exports,
        imports=ImportService(warehouse, intake.scratch, changes, uploads),
        predictions=predictions,
        batches=_batches(settings, warehouse, predictions, models, uploads, intake.scratch),
        **_results(warehouse, exports, models, profiles),
        sql=SqlService(warehouse, _sql_limits(settings)),
        keys=keys,
        journal=journal,
        traffic=TrafficService(warehouse, journal),
        endpoint=Endpoint(predictions, journal),
    )


def _results(
    warehouse: Warehouse, exports: ExportService, models: ModelService, profiles: ProfileService
) -> _Results:
    """What looks at trainings that are over."""
    evaluation, explanations = EvaluationService(warehouse), ExplanationService(warehouse)
    return {
        "evaluation": evaluation,
        "comparisons": ComparisonService(warehouse, evaluation),
        "explanations": explanations,
        "reports": ReportService(warehouse, evaluation, explanations, exports, models, profiles),
    }


def _opened(settings: Settings) -> tuple[Warehouse, Trainer]:
    warehouse = Warehouse.open(settings.home)
    try:
        return warehouse, _trainer(settings.executor)
    except BaseException:
        warehouse.close()
        raise


def _trainer(executor: str) -> Trainer:
    if executor == "local":
        from freemlops.executors.local import LocalTrainer

        return LocalTrainer()
    try:
        from freemlops.executors.dask import DaskTrainer
    except ModuleNotFoundError as error:
        raise UsageError(
            "Trainings on a Dask cluster need one more package: pip install 'freemlops[dask]'."
        ) from error
    return DaskTrainer(executor)


def _trainer_limits(settings: Settings) -> TrainerLimits:
    free = int(psutil.virtual_memory().available * 0.75)
    return TrainerLimits(
        threads=settings.threads, memory_limit_bytes=settings.memory_limit_bytes or free
    )


def _sql_limits(settings: Settings) -> SqlLimits:
    return SqlLimits(settings.sql_seconds, settings.sql_memory_mb, settings.sql_rows)


def _batches(
    settings: Settings,
    warehouse: Warehouse,
    predictions: PredictionService,
    models: ModelService,
    uploads: UploadService,
    scratch: Scratch,
) -> BatchService:
    limits = BatchLimits(
        rows=settings.batch_rows,
        bytes=settings.batch_mb * 1024**2,
        files=settings.batch_files,
        kept_s=settings.batch_minutes * 60.0,
    )
    return BatchService(warehouse, predictions, models, uploads, scratch, limits)


_lock = threading.Lock()
_platform: Platform | None = None


def platform() -> Platform:
    """The platform of this process, built from the environment when nobody has built it yet."""
    global _platform
    with _lock:
        if _platform is None:
            _platform = build(from_environment())
        return _platform


def adopt(made: Platform) -> Platform:
    """Make `made` the platform of this process; the server calls it before the first page."""
    global _platform
    with _lock:
        if _platform is not None and _platform is not made:
            raise RuntimeError("this process has a platform already")
        _platform = made
        return made


def current() -> Platform | None:
    """The platform if one was built; never builds one."""
    return _platform


def shutdown() -> None:
    """Close and forget the platform of this process, if any."""
    global _platform
    with _lock:
        made, _platform = _platform, None
    if made is not None:
        made.close()
