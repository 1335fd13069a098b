"""What it takes to repeat a training: the call, the script, versions, seed, plan."""

from __future__ import annotations

import json
import shlex
from typing import Any

from freemlops.domain.report import ReportFacts
from freemlops.domain.run import Run, SplitKind
from freemlops.i18n import Translator
from freemlops.i18n.phrases import family
from freemlops.markup import Markup, tag
from freemlops.report.tables import facts as pairs

SERVER = "http://127.0.0.1:5006"


def call(run: Run) -> str:
    """A command that starts the same training, whatever its names hold.

    Time is no measure of work: by as many trials as were made, not by the clock, it is repeated.
    """
    spec = run.spec
    body: dict[str, Any] = {
        "dataset": spec.dataset,
        "version": spec.version,
        "target": spec.target,
        "task": spec.task.value,
        "metric": spec.metric,
        "budget_s": spec.budget_s,
        "seed": spec.seed,
    }
    if spec.split.kind is not SplitKind.RANDOM:
        body["split"] = {"kind": spec.split.kind.value, "column": spec.split.column}
    if spec.exclude:
        body["exclude"] = list(spec.exclude)
    trials = spec.max_trials or (run.receipt.trials if run.receipt else None)
    if trials:
        body["max_trials"] = trials
        body["warm_start"] = False
    data = shlex.quote(json.dumps(body))
    return f"curl -X POST $SERVER/api/v1/runs -H 'Content-Type: application/json' -d {data}"


def again(facts: ReportFacts, t: Translator) -> Markup:
    return tag(
        "section",
        tag("h2", t.text("How to repeat it")),
        *_steps(facts, t),
        tag("h3", t.text("Settings and versions")),
        _settings(facts, t),
        _libraries(facts, t),
        id="again",
    )


def _steps(facts: ReportFacts, t: Translator) -> list[Markup]:
    run = facts.run
    if run is None:
        told = t.text(
            "The training is not in this Free MLOps. Where it was made it is called {run}.",
            run=facts.card.manifest.lineage.run if facts.card else "–",
        )
        return [tag("p", told)]
    server = t.text("SERVER is the address of your Free MLOps, such as {address}.", address=SERVER)
    made = [
        tag("p", t.text("The same training by the same data:"), " ", server),
        tag("pre", tag("code", call(run))),
    ]
    if run.spec.max_trials is None:
        made.append(
            tag(
                "p",
                t.text(
                    "It was a training by the clock. On a faster or busier machine as many trials "
                    "are made, but not always the same ones."
                ),
                class_="small muted",
            )
        )
    if facts.candidate is not None and facts.has_script:
        path = f"/api/v1/runs/{run.id}/candidates/{facts.candidate.id}/artifact?format=code"
        made += [
            tag("p", t.text("This model alone, as a Python script without Free MLOps:")),
            tag("pre", tag("code", f'curl "$SERVER{path}" -o train.py')),
        ]
    return made


def _settings(facts: ReportFacts, t: Translator) -> Markup:
    run, candidate = facts.run, facts.candidate
    receipt = run.receipt if run is not None else None
    told: list[tuple[str, object]] = []
    if run is not None:
        told += [
            (t.text("Id of the training"), tag("code", run.id)),
            (t.text("Begun"), t.datetime(run.started_at or run.created_at)),
            (t.text("Seed"), str(run.spec.seed)),
            (t.text("Time asked and used"), _time(run, t)),
            (t.text("Trials"), t.number(receipt.trials, 0) if receipt else None),
            (t.text("Threads"), str(facts.plan["threads"]) if "threads" in facts.plan else None),
        ]
    if candidate is not None:
        told.append((t.text("Id of the model"), tag("code", candidate.id)))
        told += [(t.text("Made of"), _members(facts, t))] if candidate.members else []
    told.append((t.text("SHA-256 of the data"), tag("code", facts.data_sha256 or "–")))
    if facts.parity is not None:
        same = t.text(
            "The exported model answers like the original: identical within 1e-5 (largest "
            "difference {difference}) on {rows} rows",
            difference=t.number(facts.parity.difference),
            rows=t.number(facts.parity.rows, 0),
        )
        told.append((t.text("Proof of the export"), same))
    parts: list[Markup | None] = [pairs(told)]
    if facts.plan:
        parts.append(_json(t.text("The plan of the training"), _plan(facts)))
    if candidate is not None and candidate.params:
        parts.append(_json(t.text("Settings of the model"), dict(candidate.params)))
    return tag("div", parts)


def _time(run: Run, t: Translator) -> str:
    used = t.duration(run.receipt.used_s) if run.receipt else "–"
    return f"{t.duration(run.spec.budget_s)} / {used}"


def _members(facts: ReportFacts, t: Translator) -> str:
    assert facts.candidate is not None
    known = {c.id: c.family for c in facts.board}
    return ", ".join(
        f"{family(known.get(name, name), t)} ({t.percent(share, 1)})"
        for name, share in facts.candidate.members
    )


def _plan(facts: ReportFacts) -> dict[str, Any]:
    return {k: v for k, v in facts.plan.items() if k not in ("libraries", "data_sha256")}


def _json(title: str, value: dict[str, Any]) -> Markup:
    text = json.dumps(value, indent=1, ensure_ascii=False, default=str)
    return tag("details", tag("summary", title), tag("pre", tag("code", text)))


def _libraries(facts: ReportFacts, t: Translator) -> Markup | None:
    if not facts.libraries:
        return None
    pieces = [tag("li", f"{name} {facts.libraries[name]}") for name in sorted(facts.libraries)]
    heading = tag("h3", t.text("Libraries that it was trained with"))
    return tag("div", heading, tag("ul", pieces, class_="columns"), class_="keep")
