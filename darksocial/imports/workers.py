"""Workers: each reads and stores one chunk at a time, in sessions and a thread of its own.

Chunks are worked on side by side, but take turns where the order of lines counts: how often a
line came before is known when the chunks in front have been remembered.
"""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from darksocial import enrichment
from darksocial.imports.intake import Intake
from darksocial.imports.layout import Format
from darksocial.imports.ledger import Start
from darksocial.imports.lines import Lines, Requests
from darksocial.imports.reading import Chunk, LogFile
from darksocial.imports.rejects import MOST
from darksocial.imports.result import REFUSED, UNREADABLE
from darksocial.model import Site
from darksocial.store.protocol import Store
from darksocial.store.sql import Name

SIDE_BY_SIDE = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """What the workers of an import share. `recalled` are older parts that were read again."""

    store: Store
    site: Site
    form: Format
    file: LogFile
    start: Start
    seen: Name
    now: int
    recalled: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Job:
    """A chunk with the lines in front of it; `unfinished` is the line without an end, or 0.

    Its turn comes when `before_it` is done, and `done` is its own.
    """

    chunk: Chunk
    before: int
    unfinished: int
    before_it: Future[None]
    done: Future[None]


@dataclass(frozen=True, slots=True)
class Part:
    """What became of a chunk, as the ledger has it, and lines that could not be read."""

    counts: Counter[str]
    requests: Requests
    days: set[date]
    unreadable: list[dict[str, Any]]


class Worker:
    """A thread with its sessions on the store and on this process's engine."""

    def __init__(self, plan: Plan, alone: bool) -> None:
        self._plan = plan
        self._stack = ExitStack()
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._lines: Lines
        self._intake: Intake
        self._pool.submit(self._open, 1 if alone else SIDE_BY_SIDE).result()

    def submit(self, job: Job) -> Future[Part]:
        """Begin to work on a chunk."""
        return self._pool.submit(self._work, job)

    def close(self) -> None:
        """End the sessions, after the work that was begun."""
        self._pool.submit(self._stack.close).result()
        self._pool.shutdown()

    def _open(self, workers: int) -> None:
        plan = self._plan
        target = self._stack.enter_context(plan.store.session())
        work = self._stack.enter_context(enrichment.scratch(plan.store, target))
        work.execute(f"SET max_threads = {max(1, (os.cpu_count() or 1) // workers)}")
        self._lines = Lines(work, plan.site, plan.form, plan.now)
        self._intake = Intake(plan.store, plan.site, target, work, plan.seen)
        self._intake.salt(plan.start.entry.source)

    def _work(self, job: Job) -> Part:
        try:
            requests = self._lines.read(job.chunk, job.before, job.unfinished)
            job.before_it.result()
            self._take_turn(job, requests)
        except BaseException as error:
            job.done.set_exception(error)
            raise
        job.done.set_result(None)
        counts = self._lines.counts(job.chunk.lines)
        refused = any(REFUSED + reason in counts for reason in UNREADABLE)
        unreadable = self._lines.unreadable(MOST) if refused else []
        days: set[date] = set()
        if requests.n:
            silent = "bot" if self._plan.form.logs("agent") else ""
            entry, resumed = self._plan.start.entry, self._plan.start.resumed
            own = entry.import_id if resumed else ""
            taken = self._intake.store(entry, requests, silent, own)
            days = taken.days
            counts += taken.counts
            counts["already_imported"] += requests.n - taken.counts.total()
        return Part(counts, requests, days, unreadable)

    def _take_turn(self, job: Job, requests: Requests) -> None:
        if not requests.n:
            return
        if self._recall(requests):
            self._lines.read(job.chunk, job.before, job.unfinished)
        self._intake.number(self._plan.start.entry.source, requests)
        if not job.chunk.last:
            self._intake.remember()

    def _recall(self, requests: Requests) -> bool:
        """Read older parts again that may hold the same lines: the ordinals go on from them."""
        parts = [
            part
            for part in self._plan.start.older
            if part.first_byte not in self._plan.recalled
            and 0 < part.last_ts >= requests.first
            and part.first_ts <= requests.last
        ]
        for part in parts:
            self._plan.recalled.add(part.first_byte)
            for chunk in self._plan.file.chunks(part.first_byte, part.end_byte):
                with chunk:
                    self._lines.read(chunk, 0, 0)
                    self._intake.remember()
        return bool(parts)
