"""The OpenAPI document and its page; the page's scripts come with a package, not from a CDN."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import swagger_ui
from litestar import Request
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.static_files import create_static_files_router

from freemlops import __version__

ASSETS = Path(swagger_ui.__file__).parent / "static"

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Free MLOps API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/api/docs/assets/swagger-ui.css"></head>
<body><div id="docs"></div>
<script src="/api/docs/assets/swagger-ui-bundle.js"></script>
<script>
SwaggerUIBundle({
  url: "/api/schema/openapi.json", dom_id: "#docs", deepLinking: true, validatorUrl: null
});
</script></body></html>
"""


class OfflineDocs(OpenAPIRenderPlugin):
    """Swagger UI from bundled assets; asks no other host for anything."""

    def __init__(self) -> None:
        super().__init__(path="/docs")

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        return _PAGE.encode()


CONFIG = OpenAPIConfig(
    title="Free MLOps",
    version=__version__,
    description=(
        "Datasets, training runs, the model registry and live endpoints. "
        "Errors are problem documents (RFC 9457) in the language of `Accept-Language`."
    ),
    path="/",
    render_plugins=[JsonRenderPlugin(path="/schema/openapi.json"), OfflineDocs()],
    use_handler_docstrings=True,
)

assets = create_static_files_router(
    path="/docs/assets", directories=[ASSETS], include_in_schema=False
)
