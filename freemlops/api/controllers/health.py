"""Is the server alive, can it serve: for containers and load balancers, without login."""

from __future__ import annotations

from litestar import Controller, get

from freemlops import __version__
from freemlops.bootstrap import Platform


class HealthController(Controller):
    tags = ("health",)

    @get("/healthz")
    async def healthz(self) -> dict[str, str]:
        """The process answers."""
        return {"status": "ok", "version": __version__}

    @get("/readyz", sync_to_thread=True)
    def readyz(self, platform: Platform) -> dict[str, str]:
        """The warehouse answers too."""
        platform.runs.latest(1)
        return {"status": "ready"}
