"""Reports of trainings and cards of models: gathers the facts, and has them drawn."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from freemlops import __version__
from freemlops.domain.advice import Advice
from freemlops.domain.bundle import Parity
from freemlops.domain.dataset import DatasetVersion
from freemlops.domain.errors import ConflictError, InvalidError, NotFoundError
from freemlops.domain.evaluation.mistakes import Mistakes
from freemlops.domain.evaluation.ties import Ties
from freemlops.domain.explanation import Importance
from freemlops.domain.model import ModelVersion, Signature
from freemlops.domain.report import Card, Measured, Report, ReportFacts
from freemlops.domain.run import Candidate, Run, RunStatus
from freemlops.domain.verdict import best_of
from freemlops.domain.words import Message, say
from freemlops.i18n import translator
from freemlops.report.page import page
from freemlops.report.pictures import SHOWN
from freemlops.services.evaluation import EvaluationService
from freemlops.services.explanations import ExplanationService
from freemlops.services.exports import ExportService
from freemlops.services.models import ModelService
from freemlops.services.preparing import Preparing
from freemlops.services.profiles import ProfileService
from freemlops.services.run_reading import RunReading
from freemlops.warehouse.warehouse import Warehouse

IMPORTANCE_S: Final = 30.0
"""A report waits so long for what drives its model; it is seconds but for wide tables."""


class ReportService:
    """Blocking and thread-safe. What is not there any more is left out, and said to be.

    With `patience_s`, `run` and `card` raise `TimeoutError` when a report is not made by then. It
    goes on being made meanwhile: ask again.
    """

    def __init__(
        self,
        warehouse: Warehouse,
        evaluation: EvaluationService,
        explanations: ExplanationService,
        exports: ExportService,
        models: ModelService,
        profiles: ProfileService,
    ) -> None:
        self._warehouse = warehouse
        self._runs = RunReading(warehouse)
        self._evaluation = evaluation
        self._explanations = explanations
        self._exports = exports
        self._models = models
        self._profiles = profiles
        self._reports, self._importances = Preparing(), Preparing()

    def run(
        self,
        run: str,
        candidate: str | None = None,
        language: str = "en",
        patience_s: float | None = None,
    ) -> Report:
        """The report of a training and of one of its models, the best by default.

        Raises `NotFoundError` for an unknown run or candidate.
        """

        def make() -> Report:
            facts = self._of_run(self._runs.get(run), candidate)
            return Report(f"report-{run}.html", page(facts, translator(language)))

        if patience_s is None:
            return make()
        return self._reports.ask(("run", run, candidate, language), make, patience_s)

    def card(
        self, version: ModelVersion, language: str = "en", patience_s: float | None = None
    ) -> Report:
        """The model card of a version, with the report of its training while that is there."""

        def make() -> Report:
            filename = f"card-{version.model}-{version.version}.html"
            return Report(filename, page(self._of_version(version), translator(language)))

        if patience_s is None:
            return make()
        key = ("card", version.model, version.version, language)
        return self._reports.ask(key, make, patience_s)

    def _of_version(self, version: ModelVersion) -> ReportFacts:
        threshold = self._models.threshold(version)
        lines = self._models.lineage(model=version.model, version=version.version)
        serving = tuple(d for line in lines for d in line.deployments)
        card = Card(version, self._exports.manifest(version), threshold, serving)
        try:
            run = self._runs.get(version.run) if version.run else None
        except NotFoundError:
            run = None
        if run is not None:
            return self._of_run(run, version.candidate, card)
        return ReportFacts(
            made_at=datetime.now(UTC),
            product=__version__,
            signature=version.signature,
            parity=card.manifest.parity,
            card=card,
        )

    def _of_run(self, run: Run, wanted: str | None, card: Card | None = None) -> ReportFacts:
        board = self._runs.candidates(run.id)
        candidate = _chosen(run, board, wanted)
        data = self._data(run)
        ties, measured, unmeasured, importance, unexplained = None, None, None, None, None
        if candidate is not None and run.status.is_over:
            ties = self._ties(run)
            threshold = card.threshold if card else None
            measured, unmeasured = self._measured(run, candidate, threshold)
            importance, unexplained = self._explained(run, candidate)
        return ReportFacts(
            made_at=datetime.now(UTC),
            product=__version__,
            run=run,
            board=board,
            candidate=candidate,
            data=data,
            signature=self._signature(run),
            ties=ties,
            measured=measured,
            unmeasured=unmeasured,
            importance=importance,
            unexplained=unexplained,
            learning=self._runs.learning(run.id),
            advice=self._advice(run) if data is not None else (),
            parity=_proof(candidate),
            has_script=candidate is not None and self._exports.has_script(run.id, candidate.id),
            card=card,
        )

    def _measured(
        self, run: Run, candidate: Candidate, threshold: float | None
    ) -> tuple[Measured | None, Message | None]:
        """Also why nothing was measured."""
        service, ids = self._evaluation, (run.id, candidate.id)
        try:
            evaluation = service.evaluation(*ids)
            curves = tuple(
                (
                    name,
                    service.curve(*ids, name, threshold=threshold if name == "confusion" else None),
                )
                for name in SHOWN[run.spec.task]
            )
        except NotFoundError as error:
            return None, error.message
        try:
            mistakes = service.mistakes(*ids)
        except NotFoundError as error:
            mistakes = Mistakes((), (), evaluation.rows, error.message)
        return Measured(evaluation, curves, mistakes), None

    def _explained(
        self, run: Run, candidate: Candidate
    ) -> tuple[Importance | None, Message | None]:
        """Also why what drives the model was not worked out. What takes too long is kept by the
        service once it is there, so that the next report has it."""
        ids = (run.id, candidate.id)

        def make() -> Importance:
            return self._explanations.importance(*ids)

        try:
            return self._importances.ask(ids, make, IMPORTANCE_S), None
        except TimeoutError:
            return None, say("This is still being worked out. Make the report again in a minute.")
        except (NotFoundError, ConflictError) as error:
            return None, error.message

    def _ties(self, run: Run) -> Ties | None:
        try:
            return self._evaluation.ties(run.id)
        except NotFoundError:
            return None

    def _data(self, run: Run) -> DatasetVersion | None:
        try:
            return self._warehouse.datasets.get(run.spec.dataset, run.spec.version)
        except NotFoundError:
            return None

    def _signature(self, run: Run) -> Signature | None:
        try:
            return self._runs.signature(run.id)
        except NotFoundError:
            return None  # it has not looked at its data yet

    def _advice(self, run: Run) -> tuple[Advice, ...]:
        spec = run.spec
        try:
            return self._profiles.advice(spec.dataset, spec.version, spec.target, spec.task)
        except (NotFoundError, InvalidError):
            return ()


def _proof(candidate: Candidate | None) -> Parity | None:
    if candidate is None or candidate.parity is None:
        return None
    return Parity(candidate.parity, candidate.parity_rows)


def _chosen(run: Run, board: tuple[Candidate, ...], wanted: str | None) -> Candidate | None:
    """The best by default; of a cancelled run none, for nothing of it was kept."""
    if wanted is None:
        return None if run.status is RunStatus.CANCELLED else best_of(run, board)
    found = next((c for c in board if c.id == wanted), None)
    if found is None:
        raise NotFoundError("There is no candidate “{candidate}” in this run.", candidate=wanted)
    return found
