"""The model that a replica serves now, and how another takes its place."""

from __future__ import annotations

import threading

import structlog

from freemlops.domain.errors import FreeMLOpsError, NotFoundError, UnavailableError
from freemlops.replica.source import Source
from freemlops.serving.model import ServedModel
from freemlops.serving.replay import replay
from freemlops.serving.route import Route, answering

log = structlog.get_logger(__name__)


class Replica:
    """`Routes` of one endpoint. Thread-safe; a request is answered by the model that was there
    when it came."""

    def __init__(self, source: Source, every_s: float) -> None:
        self._source = source
        self._every_s = every_s
        self._route: Route | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watch", daemon=True)
        self.sha256 = ""

    @property
    def route(self) -> Route:
        """Raises `UnavailableError` before the first model is there."""
        if self._route is None:
            raise UnavailableError("No model is loaded yet.")
        return self._route

    def known(self, endpoint: str) -> Route | None:
        found = self._route
        return found if found is not None and found.endpoint == endpoint else None

    def find(self, endpoint: str) -> Route:
        route = self.route
        if endpoint != route.endpoint:
            raise NotFoundError("This server answers at “{name}” only.", name=route.endpoint)
        return route

    def load(self) -> bool:
        """Take the source's model if it is a new one; whether it was.

        Raises what the source does, and `ImportRefusedError` when the model does not answer its
        sample rows as it should: what was served before then goes on being served.
        """
        bundle = self._source.fetch()
        if bundle is None:
            return False
        predictor, _ = replay(bundle)
        manifest = bundle.manifest
        model = manifest.model or manifest.lineage.candidate or "model"
        served = ServedModel(predictor, model, manifest.version or 1)
        self._route = Route(self._source.name or model, answering(served))
        self.sha256 = bundle.sha256
        return True

    def start(self) -> None:
        """Look for another model from time to time, until `close`."""
        self._thread.start()

    def close(self) -> None:
        self._closed.set()

    def _watch(self) -> None:
        told = ""  # the same problem is told once, however often it comes up
        while not self._closed.wait(self._every_s):
            try:
                changed, told = self.load(), ""
                if changed:
                    log.info("model_changed", model=self.route.champion.model.model,
                             version=self.route.champion.model.version)  # fmt: skip
            except FreeMLOpsError as error:
                if str(error) != told:
                    log.warning("model_kept", problem=str(error))
                told = str(error)
            except Exception as error:  # the thread must outlive whatever a source does
                if str(error) != told:
                    log.error("model_kept", exc_info=error)
                told = str(error)
