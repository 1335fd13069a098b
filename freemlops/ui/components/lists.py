"""Short lists of the things a person comes back to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from freemlops.domain.dataset import DatasetVersion, Sample
from freemlops.domain.run import Run
from freemlops.domain.words import N_
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


SOURCES: Final = {
    "upload": N_("sent as a file"),
    "sample": N_("sample"),
    "reading": N_("read anew"),
}


def dataset_table(datasets: Sequence[DatasetVersion], t: Translator) -> Markup:
    """Data sets, one line each, newest first."""
    titles = [t.text("Name"), t.text("Rows"), t.text("Columns"), t.text("Versions")]
    titles += [t.text("File"), t.text("Added")]
    numbers = {1, 2, 3, 4}
    head = [
        tag("th", title, class_="r" if i in numbers else None) for i, title in enumerate(titles)
    ]
    return tag(
        "div",
        tag(
            "table",
            tag("thead", tag("tr", head)),
            tag("tbody", [_dataset(d, t) for d in datasets]),
        ),
        class_="scroll card fm-datasets",
        style="padding:4px 6px",
        tabindex="0",
    )


def _dataset(d: DatasetVersion, t: Translator) -> Markup:
    chips = [tag("span", name, class_="chip") for name in d.tags]
    if d.synthetic:
        chips.append(tag("span", t.text("made up"), class_="chip"))
    about = d.description.split("\n", 1)[0]
    return tag(
        "tr",
        tag(
            "td",
            tag("a", d.name, href=link("datasets", id=d.dataset), class_="fm-dataset-link"),
            tag("div", about, class_="muted small clip", title=about) if about else None,
            tag("div", chips, class_="row", style="gap:4px 6px") if chips else None,
        ),
        tag("td", t.number(d.rows), class_="r num"),
        tag("td", t.number(len(d.columns)), class_="r num"),
        tag("td", t.number(d.version), class_="r num"),
        tag("td", t.bytes(d.size_bytes), class_="r num"),
        tag("td", t.datetime(d.created_at), class_="muted"),
    )


def version_table(versions: Sequence[DatasetVersion], current: int, t: Translator) -> Markup:
    """The versions of a dataset, newest first; `current` is the one that is looked at."""
    titles = [t.text("Version"), t.text("Rows"), t.text("Columns"), t.text("File")]
    titles += [t.text("Comes from"), t.text("Added")]
    head = [tag("th", title, class_="r" if i in (1, 2) else None) for i, title in enumerate(titles)]
    return tag(
        "div",
        tag(
            "table",
            tag("thead", tag("tr", head)),
            tag("tbody", [_version(v, current, t) for v in versions]),
        ),
        class_="scroll fm-dataset-versions",
        tabindex="0",
    )


def _version(v: DatasetVersion, current: int, t: Translator) -> Markup:
    name = t.text("version {n}", n=v.version)
    here = link("datasets", id=v.dataset, version=v.version)
    source = t.text(SOURCES.get(v.source, v.source))
    return tag(
        "tr",
        tag("td", tag("strong", name))
        if v.version == current
        else tag("td", tag("a", name, href=here), tag("div", _compare(v, current, t))),
        tag("td", t.number(v.rows), class_="r num"),
        tag("td", t.number(len(v.columns)), class_="r num"),
        tag("td", tag("div", v.filename, class_="clip", title=v.filename), t.bytes(v.size_bytes)),
        tag("td", source, tag("div", v.added_by, class_="muted small") if v.added_by else None),
        tag("td", t.datetime(v.created_at), class_="muted"),
    )


def _compare(v: DatasetVersion, current: int, t: Translator) -> Markup:
    before, after = sorted((v.version, current))
    here = link("datasets", id=v.dataset, version=after, **{"with": before})
    title = t.text("Compare with version {n}", n=current)
    return tag("a", t.text("Compare"), href=here, title=title, class_="small fm-compare")
