"""What the warehouse takes on the disk, and the button that gives room back."""

from __future__ import annotations

from freemlops.domain.space import Space
from freemlops.ui.components.button import quiet
from freemlops.ui.components.safe import Html, tag
from freemlops.ui.pages.base import PageView, row
from freemlops.ui.session import blocking

WORTH_BYTES = 16 * 1024**2
"""Less than this that lies idle is not worth a button."""


class StorageStrip:
    """One line under the list of the datasets."""

    def __init__(self, page: PageView) -> None:
        self._page = page
        self._words = Html()
        self._compact = quiet(page.t.text("Give it back to the disk"), "fm-compact", size="small")
        page.clicked(self._compact, self._on_compact)
        self.view = row(self._words, self._compact, css_classes=["fm-storage"])
        self.view.visible = False

    async def show(self) -> None:
        space = await blocking(self._page.platform.storage.space)
        self._tell(space)
        self.view.visible = True

    def _tell(self, space: Space) -> None:
        t = self._page.t
        words = t.text(
            "Everything together takes {file} on the disk, of which {idle} are empty after "
            "deleting; {free} are free.",
            file=t.bytes(space.file_bytes),
            idle=t.bytes(space.free_in_file_bytes),
            free=t.bytes(space.free_on_disk_bytes),
        )
        self._words.show(tag("p", words, class_="muted small"))
        self._compact.visible = space.free_in_file_bytes > WORTH_BYTES

    async def _on_compact(self) -> None:
        self._tell(await blocking(self._page.platform.storage.compact))
