"""The registry: every model, its versions, where they come from, and what serves them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import panel_material_ui as pmui

from freemlops.domain.bundle import Parity
from freemlops.domain.errors import NotFoundError
from freemlops.domain.metric import METRICS
from freemlops.domain.model import CHAMPION, Deployment, ModelVersion
from freemlops.domain.run import Run
from freemlops.domain.words import N_
from freemlops.ui.address import link
from freemlops.ui.components.button import secondary
from freemlops.ui.components.empty import empty, skeleton
from freemlops.ui.components.export_menu import export_menu
from freemlops.ui.components.safe import Html, Markup, tag
from freemlops.ui.components.versions_compared import versions_compared
from freemlops.ui.components.words import TASKS, family, score_text
from freemlops.ui.pages.base import PageView, card, column, page_column, row
from freemlops.ui.pages.model_import import ModelImport
from freemlops.ui.session import Session, blocking

ALIASES = {CHAMPION: N_("champion"), "challenger": N_("challenger")}


class ModelsPage(PageView):
    """One card a model; the newest version first, older ones folded."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._list = Html(skeleton())
        self._cards = column(Html(), gap=20)
        self._body = page_column(
            Html(tag("h1", self.title())),
            self.problems,
            self._list,
            self._cards,
            ModelImport(self).view,
        )
        self.follow("models", self._refresh)

    def __panel__(self) -> Any:
        return self._body

    def title(self) -> str:
        return self.t.text("Models")

    async def load(self) -> None:
        await self._refresh()

    async def _refresh(self) -> None:
        newest = (await blocking(self.platform.models.latest, 50)).items
        deployments = await blocking(self.platform.deployments.list)
        cards = []
        for model in newest:
            versions = await blocking(self.platform.models.versions, model.model)
            serving = [d for d in deployments if d.model == model.model]
            runs = {v.run: await self._run(v.run) for v in versions}
            exports = self.platform.exports
            parities = {v.version: await blocking(exports.parity, v) for v in versions}
            cards.append(self._card(model.model, versions, serving, runs, parities))
        t = self.t
        self._list.show(
            None
            if newest
            else empty(
                t.text("No models yet"),
                t.text("Train one and press “Use it”: it will be kept here, with its history."),
                link("new"),
                t.text("Start"),
            )
        )
        self._cards.objects = cards

    async def _run(self, run: str) -> Run | None:
        """The run behind a version, None when it is gone."""
        try:
            return await blocking(self.platform.runs.get, run)
        except NotFoundError:
            return None

    def _card(
        self,
        name: str,
        versions: Sequence[ModelVersion],
        serving: Sequence[Deployment],
        runs: dict[str, Run | None],
        parities: dict[int, Parity | None],
    ) -> Any:
        ordered = sorted(versions, key=lambda v: -v.version)
        deploy = secondary(self.t.text("Deploy"), "fm-deploy", size="small")

        async def work() -> None:
            made = await blocking(self.platform.deployments.create, name, name, alias=CHAMPION)
            self.session.go(link("deployments", name=made.name))

        self.clicked(deploy, work)
        deploy.visible = not serving
        return card(
            Html(self._head(name, ordered[0], serving)),
            Html(self._table(ordered, runs, parities)),
            row(deploy, *self._champions(name, ordered)),
            *self._comparison(name, ordered),
            css_classes=["fm-model"],
        )

    def _champions(self, name: str, versions: Sequence[ModelVersion]) -> list[Any]:
        """A choice of the version that leads, when there is more than one."""
        if len(versions) < 2:
            return []
        options = {self.t.text("version {n}", n=v.version): v.version for v in versions}
        leading = next((v.version for v in versions if CHAMPION in v.aliases), versions[0].version)
        choice = pmui.Select(
            label=self.t.text("Champion"),
            options=options,
            value=leading,
            width=200,
            margin=0,
            css_classes=["fm-champion"],
        )

        async def change(event: Any) -> None:
            async with self.attempt():
                await blocking(self.platform.models.set_alias, name, CHAMPION, event.new)

        choice.param.watch(change, "value")
        return [choice]

    def _comparison(self, name: str, versions: Sequence[ModelVersion]) -> list[Any]:
        """Two choices and what differs between them, when there is something to compare."""
        if len(versions) < 2:
            return []
        t = self.t
        options = {t.text("version {n}", n=v.version): v.version for v in versions}
        choices = [
            pmui.Select(label=label, options=options, value=v.version, width=160, margin=0,
                        css_classes=["fm-compare"])
            for label, v in ((t.text("Compare"), versions[1]), (t.text("with"), versions[0]))
        ]  # fmt: skip
        shown = Html(None, visible=False)

        async def show() -> None:
            pair = [choice.value for choice in choices]
            made = await blocking(self.platform.models.compare, name, *pair)
            shown.show(versions_compared(made, t))

        button = secondary(t.text("Show what differs"), "fm-compare-show", size="small")
        self.clicked(button, show)
        return [row(*choices, button), shown]

    def _head(self, name: str, newest: ModelVersion, serving: Sequence[Deployment]) -> Markup:
        t = self.t
        links = [
            tag(
                "a",
                t.text("answers at {name}", name=d.name),
                href=link("deployments", name=d.name),
                class_="fm-model-deployment",
            )
            for d in serving
        ]
        signature = newest.signature
        about = t.text("Predicts “{target}”", target=signature.target)
        return tag(
            "div",
            tag("h2", name, style="overflow-wrap:anywhere"),
            tag(
                "div",
                tag("span", f"{about} · {t.text(TASKS[signature.task])}", class_="muted"),
                links,
                class_="row",
            ),
            class_="stack",
        )

    def _table(
        self,
        versions: Sequence[ModelVersion],
        runs: dict[str, Run | None],
        parities: dict[int, Parity | None],
    ) -> Markup:
        t = self.t
        head = [t.text("Version"), t.text("Model"), t.text("Score"), t.text("Comes from")]
        head += [t.text("Made"), t.text("Download")]
        return tag(
            "div",
            tag(
                "table",
                tag("thead", tag("tr", [tag("th", title) for title in head])),
                tag(
                    "tbody", [self._line(v, runs.get(v.run), parities[v.version]) for v in versions]
                ),
            ),
            class_="scroll fm-versions",
            tabindex="0",
        )

    def _line(self, v: ModelVersion, run: Run | None, parity: Parity | None) -> Markup:
        t = self.t
        metric = METRICS[v.metric].title if v.metric in METRICS else v.metric
        return tag(
            "tr",
            tag(
                "td",
                t.text("version {n}", n=v.version),
                " ",
                [tag("span", t.text(ALIASES.get(a, a)), class_="chip good") for a in v.aliases],
                [tag("span", word, class_="chip") for word in v.tags],
                self._approval(v),
            ),
            tag("td", family(v.family, t)),
            tag("td", score_text(v.score, t), tag("div", t.text(metric), class_="muted small")),
            tag("td", self._source(v, run)),
            tag("td", t.datetime(v.created_at), class_="muted"),
            tag("td", export_menu(v, self.session.api_base(), parity, t)),
        )

    def _approval(self, v: ModelVersion) -> Markup | None:
        if v.approval is None:
            return None
        words = self.t.text("approved by {name}", name=v.approval.by)
        return tag("div", words, title=v.approval.note or None, class_="muted small")

    def _source(self, v: ModelVersion, run: Run | None) -> Markup:
        if v.imported is None:
            name = run.dataset_name if run is not None else v.run
            return tag("a", name, href=link("run", id=v.run))
        manifest = v.imported.manifest
        name = manifest.lineage.dataset_name or manifest.model or manifest.lineage.run
        return tag("span", self.t.text("imported: {name}", name=name))
