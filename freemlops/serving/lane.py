"""Puts the rows of requests that arrive together through the model at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from freemlops.engine.predict import Predictions
from freemlops.serving.model import ServedModel
from freemlops.serving.rows import TypedRows

MOST_ROWS = 64
"""Requests of more rows go on their own: the fixed costs of a call matter little to them."""
PROBE = 16


class Lane:
    """One a model, on one event loop.

    A turn of the loop sees the requests of all sockets that had one ready; they wait for its end
    and share one call of the graph, whose costs are mostly per call. While requests come one by
    one nobody waits, but every 16th, to see whether another came along with it.
    """

    def __init__(self, model: ServedModel) -> None:
        self._model = model
        self._waiting: list[tuple[TypedRows, asyncio.Future[Predictions | None]]] = []
        self._crowded = False
        self._turn = 0

    async def attempt(self, table: TypedRows) -> Predictions | None:
        """What `ServedModel.attempt` gives."""
        if len(table) > MOST_ROWS:
            return self._model.attempt(table)
        if not self._waiting and not self._crowded:
            self._turn += 1
            if self._turn % PROBE:
                return self._model.attempt(table)
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Predictions | None] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._flush)
        self._waiting.append((table, future))
        return await future

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._crowded = len(waiting) > 1
        group: list[tuple[TypedRows, asyncio.Future[Predictions | None]]] = []
        count = 0
        for one in waiting:
            group.append(one)
            count += len(one[0])
            if count >= MOST_ROWS:
                self._answer(group)
                group, count = [], 0
        if group:
            self._answer(group)

    def _answer(
        self, group: Sequence[tuple[TypedRows, asyncio.Future[Predictions | None]]]
    ) -> None:
        rows: list[Any] = [row for table, _ in group for row in table.rows]
        try:
            made = self._model.attempt(TypedRows(rows))
        except Exception:  # each request finds out on its own which of them it was
            made = None
        start = 0
        for table, future in group:
            if made is not None:
                part: Predictions | None = made.part(start, start + len(table))
                start += len(table)
            elif len(group) > 1:
                try:
                    part = self._model.attempt(table)
                except Exception as error:
                    if not future.done():
                        future.set_exception(error)
                    continue
            else:
                part = None
            if not future.done():  # its client may have gone
                future.set_result(part)
