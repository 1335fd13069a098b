"""Short lists of the things a person comes back to."""

from __future__ import annotations

from freemlops.domain.dataset import DatasetVersion, Sample
from freemlops.domain.run import Run
from freemlops.i18n import Translator
from freemlops.ui.address import link
from freemlops.ui.components.safe import Markup, tag
from freemlops.ui.components.words import run_title, status_chip


def sample_cards(samples: tuple[Sample, ...], t: Translator) -> Markup:
    """One card a sample: a click opens the guided flow with it loaded."""
    cards = [
        tag(
            "a",
            tag("h3", t.text(s.title)),
            tag("p", t.text(s.about), class_="muted small"),
            tag(
                "div",
                tag("span", t.text("{n} rows", n=s.rows), class_="chip"),
                tag("span", t.text("made up"), class_="chip") if s.synthetic else None,
                class_="row",
                style="margin-top:auto;padding-top:8px",
            ),
            href=link("new", sample=s.key),
            class_="card fm-sample",
            data_sample=s.key,
        )
        for s in samples
    ]
    return tag("div", cards, class_="grid")


def run_rows(runs: tuple[Run, ...], t: Translator) -> Markup:
    """Runs as a list of links, newest first."""
    return tag("div", [_run(run, t) for run in runs], class_="grid")


def _run(run: Run, t: Translator) -> Markup:
    title = run_title(run, t)
    return tag(
        "a",
        tag("h3", title, class_="clip"),
        tag("div", status_chip(run.status, t), class_="row"),
        tag("span", t.datetime(run.created_at), class_="muted small"),
        href=link("run", id=run.id),
        class_="card fm-run-link",
        data_run=run.id,
    )


def dataset_rows(datasets: tuple[DatasetVersion, ...], t: Translator) -> Markup:
    """Data sets as links into the guided flow."""
    cards = [
        tag(
            "a",
            tag("h3", d.name, class_="clip"),
            tag(
                "span",
                t.text("{rows} rows, {columns} columns", rows=d.rows, columns=len(d.columns)),
                class_="muted small",
            ),
            tag(
                "span",
                t.text("version {n}", n=d.version),
                " · ",
                t.datetime(d.created_at),
                class_="muted small",
            ),
            href=link("new", dataset=d.dataset, version=d.version),
            class_="card fm-dataset",
            data_dataset=d.dataset,
        )
        for d in datasets
    ]
    return tag("div", cards, class_="grid")
