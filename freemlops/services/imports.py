"""Models of other machines: a bundle becomes a version once it has answered as it should."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import AsyncIterator
from pathlib import Path

from freemlops.domain.errors import ImportRefusedError
from freemlops.domain.model import Artifact, Imported, ModelVersion
from freemlops.services.changes import Changes
from freemlops.services.models import slug
from freemlops.services.scratch import Scratch
from freemlops.services.uploads import UploadService
from freemlops.serving.bundle import MOST_BYTES, Bundle, read_bundle
from freemlops.serving.replay import replay
from freemlops.warehouse.warehouse import Warehouse

CHUNK = 1024**2


class ImportService:
    """Blocking and thread-safe. Of an imported file only the ONNX graph is ever run."""

    def __init__(
        self, warehouse: Warehouse, scratch: Scratch, changes: Changes, uploads: UploadService
    ) -> None:
        self._warehouse = warehouse
        self._changes = changes
        self._uploads = uploads
        self._importing = threading.Lock()
        self.scratch = scratch

    def add(self, path: Path, name: str | None = None) -> tuple[ModelVersion, bool]:
        """The bundle as the next version of the model `name` (its own name by default), and
        whether it is new: the same file under the same name is the version that is there.

        No alias moves: what answers now goes on answering. Raises `ImportRefusedError`.
        """
        bundle = read_bundle(path)
        manifest = bundle.manifest
        model = slug(name or manifest.model or manifest.lineage.dataset_name or "imported")
        with self._importing:
            for known in self._warehouse.models.versions_or_none(model):
                if known.imported is not None and known.imported.sha256 == bundle.sha256:
                    return known, False
            _, difference = replay(bundle)
            imported = Imported(bundle.sha256, manifest, difference)
            made = self._store(bundle, model, imported)
        self._changes.bump("models")
        return made, True

    def take(self, upload: str) -> tuple[ModelVersion, bool]:
        """`add` of an upload that is whole; it is gone afterwards. Raises also `NotFoundError` and
        `ConflictError`."""
        with self.scratch.folder() as folder:
            path = folder / "upload.fmlops"
            self._uploads.hand_over(upload, path)
            if path.stat().st_size > MOST_BYTES:
                raise _too_large()
            return self.add(path)

    def _store(self, bundle: Bundle, model: str, imported: Imported) -> ModelVersion:
        manifest = bundle.manifest
        samples = {"columns": bundle.samples.columns, "outputs": bundle.samples.outputs}
        with self.scratch.folder() as folder:
            return self._warehouse.models.register(
                model=model,
                run="",
                candidate="",
                family=manifest.family,
                signature=bundle.signature,
                metric=manifest.metric,
                score=math.nan if manifest.score is None else manifest.score,
                artifacts={
                    "onnx": self._put(folder / "model.onnx", bundle.model, "onnx"),
                    "recipe": self._put(
                        folder / "recipe.json", json.dumps({"samples": samples}).encode(), "recipe"
                    ),
                },
                imported=imported,
            )

    def _put(self, path: Path, content: bytes, format: str) -> Artifact:
        path.write_bytes(content)
        return self._warehouse.artifacts.put(path, format)


async def receive(chunks: AsyncIterator[bytes], path: Path) -> None:
    """Write a body to disk as it comes. Raises `ImportRefusedError` beyond the limit."""
    size = 0
    with path.open("wb") as file:
        async for chunk in chunks:
            size += len(chunk)
            if size > MOST_BYTES:
                raise _too_large()
            file.write(chunk)


def _too_large() -> ImportRefusedError:
    return ImportRefusedError("The file is larger than {most} MB.", most=MOST_BYTES // CHUNK)
