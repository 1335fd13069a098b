"""Makes of a run what a trainer takes: its data in a file, and the job."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from freemlops.domain.dataset import DatasetVersion
from freemlops.domain.job import TrainJob
from freemlops.domain.run import Run
from freemlops.warehouse.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class TrainerLimits:
    """What one training may use of this machine."""

    threads: int
    memory_limit_bytes: int | None


def job_of(
    warehouse: Warehouse,
    limits: TrainerLimits,
    run: Run,
    data: DatasetVersion,
    folder: Path,
    clicked: float,
) -> TrainJob:
    """Write the data into the new `folder`. Takes as long as that."""
    folder.mkdir(parents=True)
    path, work = folder / "data.arrow", folder / "work"
    warehouse.datasets.write_ipc(data.dataset, data.version, path)
    work.mkdir()
    return TrainJob(
        run=run.id,
        spec=run.spec,
        columns=data.columns,
        data=path,
        workdir=work,
        clicked_at=clicked,
        threads=limits.threads,
        memory_limit_bytes=limits.memory_limit_bytes,
        data_sha256=data.sha256,
    )
