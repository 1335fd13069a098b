"""Reports and model cards over HTTP: whole pages that load nothing, to be printed or kept."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import quote

from litestar import Controller, MediaType, Request, Response, get
from litestar.params import Parameter

from freemlops.api.described import also
from freemlops.api.errors import language
from freemlops.api.schemas.common import version_number
from freemlops.bootstrap import Platform
from freemlops.domain.report import Report
from freemlops.i18n import negotiate, translator
from freemlops.report.page import POLICY, waiting

Lang = Annotated[
    str | None,
    Parameter(
        query="lang", max_length=40, description="`en` or `pt-BR`; else what Accept-Language says"
    ),
]
Download = Annotated[
    bool, Parameter(query="download", description="As a file to keep instead of a page to read")
]


AtOnce = Annotated[
    bool,
    Parameter(
        query="at_once",
        description="Within a second, if need be with a page that asks again until it is made: "
        "for browsers",
    ),
]
PATIENCE_S: Final = 1.0
_WAITING = {202: also(str, "It is being made: the page asks again by itself", "text/html")}


class ReportController(Controller):
    tags = ("reports",)

    @get(
        "/runs/{run:str}/report",
        media_type=MediaType.HTML,
        sync_to_thread=True,
        responses=_WAITING,
    )
    def report(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        run: str,
        lang: Lang = None,
        candidate: str | None = None,
        download: Download = False,
        at_once: AtOnce = False,
    ) -> Response[str]:
        """A training as one self-contained HTML page, ready to print: what was asked, the data,
        the split, the board, plots, mistakes, limits, and how to repeat it. It is about the
        `candidate`, the best by default. To keep it as a PDF: print → save as PDF.
        """
        spoken = _spoken(request, lang)
        try:
            patience = PATIENCE_S if at_once else None
            made = platform.reports.run(run, candidate, spoken, patience)
        except TimeoutError:
            return _waiting(spoken)
        return _sent(made, download=download)

    @get(
        "/models/{model:str}/versions/{version:str}/card",
        media_type=MediaType.HTML,
        sync_to_thread=True,
        responses=_WAITING,
    )
    def card(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        model: str,
        version: str,
        lang: Lang = None,
        download: Download = False,
        at_once: AtOnce = False,
    ) -> Response[str]:
        """The model card of a version: what it takes, what it is worth and where its limits are,
        with the report of its training while that is there. One self-contained HTML page.
        """
        found = platform.models.get(model, version_number(version))
        spoken = _spoken(request, lang)
        try:
            made = platform.reports.card(found, spoken, PATIENCE_S if at_once else None)
        except TimeoutError:
            return _waiting(spoken)
        return _sent(made, download=download)


def _spoken(request: Request[Any, Any, Any], lang: str | None) -> str:
    """The address wins over the browser's languages."""
    return negotiate(lang) if lang else language(request).language


def _sent(report: Report, *, download: bool) -> Response[str]:
    kind = "attachment" if download else "inline"
    named = {"Content-Disposition": f"{kind}; filename*=UTF-8''{quote(report.filename)}"}
    return Response(report.html, media_type=MediaType.HTML, headers=named | _strict())


def _waiting(language: str) -> Response[str]:
    made = waiting(translator(language))
    return Response(made, media_type=MediaType.HTML, status_code=202, headers=_strict())


def _strict() -> dict[str, str]:
    """The page loads nothing, is shown in no frame, and kept by no cache."""
    return {
        "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
