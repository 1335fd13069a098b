"""The Litestar application: everything under `/api`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from litestar import Litestar, Router
from litestar.concurrency import set_asyncio_executor
from litestar.config.cors import CORSConfig
from litestar.di import Provide

from freemlops.api.controllers import CONTROLLERS
from freemlops.api.controllers.health import HealthController
from freemlops.api.described import Problems
from freemlops.api.errors import HANDLERS
from freemlops.api.openapi import CONFIG, assets
from freemlops.bootstrap import Platform


def _cors(origins: Sequence[str]) -> CORSConfig:
    return CORSConfig(allow_origins=list(origins), allow_credentials=True)


def create_api(
    platform: Platform,
    *,
    lifespan: Sequence[Callable[[Litestar], Any]] = (),
    allow_origins: Sequence[str] = (),
) -> Litestar:
    """The API over `platform`. `allow_origins`: pages served elsewhere that may call it."""
    # Litestar's calls get threads of their own: behind busy page callbacks in a shared pool,
    # an API call was measured to wait 4 s; apart, 6 ms.
    set_asyncio_executor(ThreadPoolExecutor(8, "api"))

    def provide() -> Platform:
        return platform

    v1 = Router("/v1", route_handlers=[*CONTROLLERS, HealthController])
    return Litestar(
        route_handlers=[v1, assets],
        path="/api",
        dependencies={"platform": Provide(provide, sync_to_thread=False)},
        exception_handlers=HANDLERS,
        lifespan=list(lifespan),
        openapi_config=CONFIG,
        plugins=[Problems()],
        cors_config=_cors(allow_origins) if allow_origins else None,
        logging_config=None,
    )
