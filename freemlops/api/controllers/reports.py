"""Reports and model cards over HTTP: whole pages that load nothing, to be printed or kept."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from litestar import Controller, MediaType, Request, Response, get
from litestar.params import Parameter

from freemlops.api.errors import language
from freemlops.api.schemas.common import version_number
from freemlops.bootstrap import Platform
from freemlops.domain.report import Report
from freemlops.i18n import negotiate
from freemlops.report.page import POLICY

Lang = Annotated[
    str | None,
    Parameter(
        query="lang", max_length=40, description="`en` or `pt-BR`; else what Accept-Language says"
    ),
]
Download = Annotated[
    bool, Parameter(query="download", description="As a file to keep instead of a page to read")
]


class ReportController(Controller):
    tags = ("reports",)

    @get("/runs/{run:str}/report", media_type=MediaType.HTML, sync_to_thread=True)
    def report(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        run: str,
        lang: Lang = None,
        candidate: str | None = None,
        download: Download = False,
    ) -> Response[str]:
        """A training as one self-contained HTML page, ready to print: what was asked, the data,
        the split, the board, plots, mistakes, limits, and how to repeat it. It is about the
        `candidate`, the best by default. To keep it as a PDF: print → save as PDF.
        """
        made = platform.reports.run(run, candidate, _spoken(request, lang))
        return _sent(made, download=download)

    @get(
        "/models/{model:str}/versions/{version:str}/card",
        media_type=MediaType.HTML,
        sync_to_thread=True,
    )
    def card(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        model: str,
        version: str,
        lang: Lang = None,
        download: Download = False,
    ) -> Response[str]:
        """The model card of a version: what it takes, what it is worth and where its limits are,
        with the report of its training while that is there. One self-contained HTML page.
        """
        found = platform.models.get(model, version_number(version))
        return _sent(platform.reports.card(found, _spoken(request, lang)), download=download)


def _spoken(request: Request[Any, Any, Any], lang: str | None) -> str:
    """The address wins over the browser's languages."""
    return negotiate(lang) if lang else language(request).language


def _sent(report: Report, *, download: bool) -> Response[str]:
    kind = "attachment" if download else "inline"
    headers = {
        "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(report.filename)}",
        "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    return Response(report.html, media_type=MediaType.HTML, headers=headers)
