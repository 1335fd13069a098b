"""Runs over HTTP: start, follow (also as Server-Sent Events), stop, download."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
from litestar import Controller, Request, Response, get, patch, post
from litestar.di import Provide
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from freemlops.api.described import described
from freemlops.api.errors import language
from freemlops.api.exported import FILES, sent
from freemlops.api.schemas.common import Limit, version_number
from freemlops.api.schemas.experiments import (
    FacetsOut,
    RunNotesIn,
    facets_out,
    run_filter,
)
from freemlops.api.schemas.runs import ContinueIn, RunAccepted, RunIn, RunOut, RunPage, run_out
from freemlops.bootstrap import Platform
from freemlops.domain.run import Event, EventKind
from freemlops.domain.search import RunFilter, RunSort
from freemlops.domain.words import Message
from freemlops.i18n import Translator


class RunController(Controller):
    path = "/runs"
    tags = ("runs",)
    dependencies = {"run_filter": Provide(run_filter, sync_to_thread=False)}  # noqa: RUF012 - as Litestar types it

    @post(status_code=202, sync_to_thread=True)
    def start(self, data: RunIn, platform: Platform) -> RunAccepted:
        """Queue a training. What is left out is chosen: task, metric, seed, newest version."""
        if data.version is not None:
            data.version = version_number(data.version)
        run = platform.runs.start(data.request())
        return RunAccepted(run.id, run.status.value)

    @get(sync_to_thread=True)
    def listing(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        run_filter: RunFilter,
        sort: RunSort = RunSort.NEWEST,
        limit: Limit = 50,
        cursor: str | None = None,
    ) -> RunPage:
        """Runs that match, newest first unless `sort` says otherwise, without leaderboards."""
        t, service = language(request), platform.experiments
        page = service.search(run_filter, sort, limit, cursor)
        lines = {line.id: line for line in page.items}
        items = [run_out(r, (), t, lines[r.id]) for r in service.runs(page.items)]
        return RunPage(items, page.cursor, page.total or 0)

    @get("/facets", sync_to_thread=True)
    def facets(self, platform: Platform, run_filter: RunFilter) -> FacetsOut:
        """What each filter of the list can be set to, with the number of runs."""
        return facets_out(platform.experiments.facets(run_filter))

    @patch("/{run:str}", sync_to_thread=True)
    def annotate(
        self, request: Request[Any, Any, Any], platform: Platform, run: str, data: RunNotesIn
    ) -> RunOut:
        """Change what people say about the run: name, notes, tags, star."""
        made = platform.experiments.annotate(run, data.annotation())
        return run_out(made, platform.runs.candidates(run), language(request))

    @get("/{run:str}", sync_to_thread=True)
    def one(self, request: Request[Any, Any, Any], platform: Platform, run: str) -> RunOut:
        """The run with its leaderboard, best first."""
        return run_out(platform.runs.get(run), platform.runs.candidates(run), language(request))

    @get("/{run:str}/events", media_type="text/event-stream")
    async def events(
        self, request: Request[Any, Any, Any], platform: Platform, run: str
    ) -> ServerSentEvent:
        """What happens in the run, as Server-Sent Events, ending with `done`.

        `Last-Event-ID` goes on where a broken connection stopped.
        """
        known = await asyncio.to_thread(platform.runs.get, run)
        last = request.headers.get("last-event-id", "0")
        after = int(last) if last.isdecimal() and len(last) < 12 else 0
        return ServerSentEvent(_follow(platform, known.id, after, language(request)))

    @post("/{run:str}/stop", status_code=202, sync_to_thread=True)
    def stop(self, platform: Platform, run: str) -> RunAccepted:
        """End the run now and keep the best so far."""
        platform.runs.stop(run)
        return RunAccepted(run, platform.runs.get(run).status.value)

    @post("/{run:str}/cancel", status_code=202, sync_to_thread=True)
    def cancel(self, platform: Platform, run: str) -> RunAccepted:
        """End the run now and keep nothing."""
        platform.runs.cancel(run)
        return RunAccepted(run, platform.runs.get(run).status.value)

    @post("/{run:str}/continue", status_code=202, sync_to_thread=True)
    def go_on(self, platform: Platform, run: str, data: ContinueIn | None = None) -> RunAccepted:
        """Give a run that is over more time, from where it ended. It only gets better.

        An interrupted run gets the time that it had left, unless `budget_s` says otherwise.
        """
        made = platform.runs.go_on(run, data.budget_s if data else None)
        return RunAccepted(made.id, made.status.value)

    @get(
        "/{run:str}/candidates/{candidate:str}/artifact",
        sync_to_thread=True,
        media_type=FILES[0],
        operation_class=described(gives=FILES),
    )
    def artifact(
        self, platform: Platform, run: str, candidate: str, format: str = "onnx"
    ) -> Response[bytes]:
        """A candidate as a file, with its sha256 and the proof of its export in headers.

        `format`: onnx, pickle, requirements (what the pickle needs), bundle, container, code.
        """
        return sent(platform.exports.candidate(run, candidate, format))


async def _follow(
    platform: Platform, run: str, after: int, t: Translator
) -> AsyncIterator[ServerSentEventMessage]:
    """Events as they come; a comment every 15 s keeps proxies from closing the line."""
    topic, quiet = f"run:{run}", 0.0
    while True:
        seen = platform.changes.version(topic)
        found = await asyncio.to_thread(platform.runs.events, run, after)
        goes_on = await _goes_on(platform, run, found)
        for event in found:
            after = event.seq
            if event.kind is EventKind.MEMORY or event.seq in goes_on:
                continue
            yield ServerSentEventMessage(
                data=msgspec.json.encode(_public(event.kind, event.data, t)).decode(),
                event="trial" if event.kind is EventKind.CANDIDATE else event.kind.value,
                id=str(event.seq),
            )
            if event.kind is EventKind.DONE:
                return
        if found:
            continue
        status = (await asyncio.to_thread(platform.runs.get, run)).status
        if status.is_over and platform.changes.version(topic) == seen:
            # The server went away under this run: no `done` was ever written.
            data = msgspec.json.encode({"status": status.value}).decode()
            yield ServerSentEventMessage(data=data, event="done", id=str(after + 1))
            return
        while platform.changes.version(topic) == seen:
            await asyncio.sleep(0.1)
            quiet += 0.1
            if quiet >= 15:
                quiet = 0.0
                yield ServerSentEventMessage(comment="still here")


async def _goes_on(platform: Platform, run: str, events: Sequence[Event]) -> set[int]:
    """The numbers of those `done` events after which the run was given more time."""
    ends = [e.seq for e in events if e.kind is EventKind.DONE]
    if not ends or ends[-1] < events[-1].seq:
        return set(ends)
    is_over = (await asyncio.to_thread(platform.runs.get, run)).status.is_over
    return set(ends[:-1] if is_over else ends)


def _public(kind: EventKind, data: Any, t: Translator) -> dict[str, Any]:
    """An event without what only this machine understands, its words translated."""
    if kind is EventKind.LOG:
        return {"message": t.text(Message.from_json(data))}
    made = {k: v for k, v in data.items() if k not in ("artifacts", "signature")}
    if kind is EventKind.CANDIDATE:
        made["candidate"] = made.pop("id")
    if made.get("error"):
        made["error"] = t.text(Message.from_json(made["error"]))
    if isinstance(made.get("receipt"), dict):
        receipt = dict(made["receipt"])
        for name in ("left_out", "notes"):
            receipt[name] = [t.text(Message.from_json(m)) for m in receipt.get(name, ())]
        made["receipt"] = receipt
    return made
