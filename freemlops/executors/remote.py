"""A job on a machine of a Dask cluster: `Crew` lives there, `RemoteWorker` is its picture here.

The job's process is a child of the Dask worker, not its thread: it can be killed, and a crash of
it is not one of the Dask worker. Files travel in pieces, and come back with the events.
"""

from __future__ import annotations

import contextlib
import queue
import shutil
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from dask.system import CPU_COUNT

from freemlops import __version__
from freemlops.domain.job import SEARCH, TrainJob
from freemlops.domain.run import Event
from freemlops.engine.party import Help, News, Order
from freemlops.executors.process import ChildWorker

if TYPE_CHECKING:
    from distributed import Client

log = structlog.get_logger(__name__)
PIECE_BYTES = 8 * 1024**2
POLL_S = 0.1
ANSWER_S = 20.0
"""A machine of the cluster that does not answer for so long is given up."""
LONELY_S = 30.0
"""A crew that nobody has asked for so long ends its job: the server is gone."""
DATA = "data.arrow"

type Sent = tuple[Event | Order | News, dict[str, bytes]]
"""An event and the files that it speaks of by their place in the job's folder; or what a leader
and its helpers say to each other."""


class Crew:
    """The far end, a Dask actor: a child process and its folder."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="freemlops-job-"))
        self._child = ChildWorker()
        self._most: int | None = None
        self._asked_at = time.monotonic()
        threading.Thread(target=self._watch, name="crew", daemon=True).start()

    def _watch(self) -> None:
        while self._child.alive:
            lonely = time.monotonic() - self._asked_at > LONELY_S
            if lonely or (self._most is not None and self.memory() > self._most):
                self.close()
            time.sleep(1.0)

    def hello(self) -> tuple[str, float]:
        """This machine's version and its clock."""
        return __version__, time.time()

    def put(self, piece: bytes) -> None:
        self._asked_at = time.monotonic()
        with (self._folder / DATA).open("ab") as file:
            file.write(piece)

    def train(self, job: TrainJob, ahead_s: float) -> None:
        """`ahead_s` is how far this machine's clock is ahead of the one that took the click."""
        self._child.train(self._here(job, ahead_s))

    def help(self, job: TrainJob, ahead_s: float, name: str) -> None:
        """Help in a job that another machine leads. No supervisor watches a helper's memory."""
        self._most = job.memory_limit_bytes
        here = self._here(job, ahead_s)
        self._child.tell(Help(replace(here, threads=min(job.threads, CPU_COUNT)), name))

    def _here(self, job: TrainJob, ahead_s: float) -> TrainJob:
        workdir = self._folder / "work"
        workdir.mkdir()
        clicked_at = job.clicked_at + ahead_s
        return replace(job, data=self._folder / DATA, workdir=workdir, clicked_at=clicked_at)

    def tell(self, message: Order | News) -> None:
        self._child.tell(message)

    def poll(self) -> tuple[list[Sent], bool]:
        """What came since the last call, and whether that was the end."""
        self._asked_at = time.monotonic()
        found: list[Sent] = []
        with contextlib.suppress(queue.Empty):
            while True:
                said = self._child.events.get_nowait()
                if said is None:
                    return found, True
                found.append((said, self._files(said) if isinstance(said, Event) else {}))
        return found, False

    def _files(self, event: Event) -> dict[str, bytes]:
        paths = [Path(a["path"]) for a in (event.data.get("artifacts") or {}).values()]
        return {str(p.relative_to(self._folder / "work")): p.read_bytes() for p in paths}

    def ask(self, reason: str) -> None:
        self._child.ask(reason)

    def memory(self) -> int:
        return self._child.memory()

    def last_words(self) -> list[str]:
        return list(self._child.last_words)

    def close(self) -> None:
        self._child.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


class RemoteWorker:
    """A `Worker` on the Dask worker at `address`; made at once, connected in the background.

    `on_said` hears, from a thread of this worker's own, what is no event, and None at the end.
    """

    def __init__(self, client: Client, address: str) -> None:
        self.address = address
        self.events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self.last_words: deque[str] = deque(maxlen=40)
        self.exit_code: int | None = None
        self._client = client
        self.on_said: Callable[[Order | News | None], None] | None = None
        self._job: TrainJob | None = None
        self._helps = False
        self._post: queue.SimpleQueue[Order | News] = queue.SimpleQueue()
        self._crew: Any = None
        self._asked: str | None = None
        self._given = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._live, name=f"dask-{address}", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        return not self._over.is_set()

    def train(self, job: TrainJob) -> None:
        self._job = job
        self._given.set()

    def help(self, job: TrainJob) -> None:
        """Help in `job`, which another worker leads: of its past, the search alone matters here."""
        if job.earlier is not None:
            memory = {k: v for k, v in job.earlier.memory.items() if k == SEARCH}
            job = replace(job, earlier=replace(job.earlier, memory=memory))
        self._helps = True
        self.train(job)

    def tell(self, message: Order | News) -> None:
        """Told in this order, once the job is there."""
        self._post.put(message)

    def ask(self, reason: str) -> None:
        self._asked = reason
        self._tell("ask", reason)

    def kill(self) -> None:
        self._over.set()
        self._given.set()

    def left(self, timeout: float) -> None:
        """Wait until the far end has been told that it is over."""
        self._thread.join(timeout)

    def memory(self) -> int:
        found = self._tell("memory", wait=True)
        return found if isinstance(found, int) else 0

    def _tell(self, method: str, *values: object, wait: bool = False) -> object:
        """Call the crew, which may be gone; its answer only when waited for."""
        crew = self._crew
        if crew is None:
            return None
        try:
            answer = getattr(crew, method)(*values)
            return answer.result(timeout=1.0) if wait else None
        except Exception as error:  # Dask raises all sorts of things for a machine that is gone
            log.debug("cluster_worker_silent", address=self.address, problem=str(error))
            return None

    def _live(self) -> None:
        try:
            self._work()
        except Exception as error:  # whatever went wrong, the supervisor must hear the end
            self.last_words.append(f"{type(error).__name__}: {error}")
        finally:
            self._over.set()
            self.events.put(None)
            if self.on_said is not None:
                self.on_said(None)
            self._tell("close", wait=True)

    def _work(self) -> None:
        future = self._client.submit(
            Crew, actor=True, pure=False, workers=[self.address], allow_other_workers=False
        )
        crew: Any = future.result(timeout=ANSWER_S)
        self._crew = crew
        asked_at = time.time()
        version, clock = crew.hello().result(timeout=ANSWER_S)
        if version != __version__:
            raise RuntimeError(f"this server is {__version__}, {self.address} has {version}")
        ahead = clock - (asked_at + time.time()) / 2
        while not self._given.wait(LONELY_S / 3):
            crew.poll().result(timeout=ANSWER_S)  # a worker kept ready
        job = self._job
        if job is None or self._over.is_set():
            return
        with job.data.open("rb") as file:
            while (piece := file.read(PIECE_BYTES)) and not self._over.is_set():
                crew.put(piece).result(timeout=ANSWER_S)
        if self._helps:
            crew.help(job, ahead, self.address).result(timeout=ANSWER_S)
        else:
            crew.train(job, ahead).result(timeout=ANSWER_S)
        if self._asked is not None:
            self._tell("ask", self._asked)  # said before there was anybody to hear it
        self._hear(crew, job)

    def _hear(self, crew: Any, job: TrainJob) -> None:
        while not self._over.is_set():
            self._pass_on(crew)
            found, is_end = crew.poll().result(timeout=ANSWER_S)
            for said, files in found:
                if isinstance(said, Event):
                    self.events.put(_arrived(said, files, job.workdir))
                elif self.on_said is not None:
                    self.on_said(said)
            if is_end:
                self.last_words.extend(crew.last_words().result(timeout=ANSWER_S))
                return
            self._over.wait(POLL_S)

    def _pass_on(self, crew: Any) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                crew.tell(self._post.get_nowait()).result(timeout=ANSWER_S)


def _arrived(event: Event, files: dict[str, bytes], folder: Path) -> Event:
    """The event as if its files had been written here."""
    if not files:
        return event
    places = {}
    for name, content in files.items():
        path = folder / Path(name).name
        path.write_bytes(content)
        places[Path(name).name] = path
    artifacts = {
        format: {**about, "path": str(places[Path(about["path"]).name])}
        for format, about in event.data["artifacts"].items()
    }
    return replace(event, data={**event.data, "artifacts": artifacts})
