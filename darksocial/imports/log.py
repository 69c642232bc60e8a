"""Web server logs into the store: `import_log`.

A log is read in chunks. Of each, in this order: what every line is, which page requests the
store has already, what the rules say of the new ones, their rows, the marks of their days, and
last the entry in the ledger. So an import may be killed at any point and started again.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from darksocial import enrichment
from darksocial.errors import InputError
from darksocial.imports import formats, ledger
from darksocial.imports.intake import seen_table
from darksocial.imports.layout import Format
from darksocial.imports.ledger import Entry, Start
from darksocial.imports.reading import Chunk, LogFile, fingerprint
from darksocial.imports.rejects import Rejects
from darksocial.imports.result import MALFORMED, ImportResult, Progress, split_counts
from darksocial.imports.workers import SIDE_BY_SIDE, Job, Part, Plan, Worker
from darksocial.model import Site
from darksocial.rules import agents, data
from darksocial.store.protocol import Session, Store

# Any agent: resolving the first one compiles the rules, while the first worker reads lines.
WARM_UP = "Mozilla/5.0"
_SOURCE = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def import_log(
    store: Store,
    site: Site,
    path: str,
    *,
    source: str = ledger.DEFAULT_SOURCE,
    format: str = "combined",  # noqa: A002 (the word that the command line has)
    rejects: Path,
    progress: Callable[[Progress], None] | None = None,
) -> ImportResult:
    """Import a web server's log into a site; return what became of its lines.

    `path` is a plain or gzip-compressed file, or `-` for standard input. `format` is `combined`,
    `common`, `vhost_combined`, or the text of Apache's LogFormat or nginx's log_format. `source`
    names the server where a site has several: identical lines of one source are one request.
    A log that has grown or was renamed goes on where it ended; an import that was interrupted
    is taken up again. Lines that cannot be read go to a file in the directory `rejects`.
    The days that changed are marked; `reclassification.publish_dirty` computes them.
    Raises `InputError` for a path, format or source that cannot be used.
    """
    form = log_format(format, source)
    with running(store, site, path, source=source, form=form, rejects=rejects) as run:
        run.through(progress or (lambda _: None))
        return run.end()


def log_format(format: str, source: str) -> Format:  # noqa: A002 (as in `import_log`)
    """Return the format of a log, or raise `InputError` where it or the source cannot be used."""
    if not _SOURCE.fullmatch(source):
        raise InputError(
            f"The source {source!r} cannot be used: give up to 64 letters, digits, '.', '_', '-'."
        )
    return formats.parse(format)


@contextmanager
def running(
    store: Store, site: Site, path: str, *, source: str, form: Format, rejects: Path
) -> Iterator[Run]:
    """Open a log and find where to begin; whoever gets the run goes `through` and ends it."""
    with LogFile(path) as file, _alone(rejects, site, source), store.session() as target:
        start = _start(target, site, source, form, file)
        with enrichment.scratch(store, target) as work, seen_table(work, site.name, source) as seen:
            plan = Plan(store, site, form, file, start, seen, int(time.time()))
            yield Run(plan, target, Rejects(rejects, site.name, start.entry.import_id))


class Run:
    """One run through a log: the counts so far, and the order of what is entered."""

    def __init__(self, plan: Plan, target: Session, rejects: Rejects) -> None:
        self._began = time.monotonic()
        self._plan = plan
        self._target = target
        self._rejects = rejects
        start = plan.start
        self._entry = start.entry
        self._part = max((part.part for part in start.own), default=0)
        self._before = self._entered = start.lines
        self._bytes = 0
        self._counts: Counter[str] = Counter({"already_imported": start.passed})
        self._days: set[date] = set()
        for part in start.own:
            self._counts.update(dict(zip(part.kinds, part.counts, strict=True)))
            self._days.update(part.days)
        if start.resumed:
            rejects.resume(start.lines)

    def through(self, progress: Callable[[Progress], None]) -> None:
        """Hand the chunks to workers, and enter the parts in their order."""
        workers: list[Worker] = []
        waiting: deque[tuple[Chunk, Future[Part]]] = deque()
        turn: Future[None] = Future()
        turn.set_result(None)
        try:
            for number, chunk in enumerate(self._plan.file.chunks(self._plan.start.first_byte)):
                if not number:
                    self._begin()
                if len(workers) < SIDE_BY_SIDE:
                    workers.append(Worker(self._plan, alone=chunk.last and not number))
                done: Future[None] = Future()
                job = Job(chunk, self._before, self._unfinished(chunk), turn, done)
                self._before += chunk.lines
                waiting.append((chunk, workers[number % SIDE_BY_SIDE].submit(job)))
                turn = done
                if not number:
                    agents.resolve(WARM_UP)
                if len(waiting) == SIDE_BY_SIDE:
                    self._finish(*waiting.popleft(), progress)
            while waiting:
                self._finish(*waiting.popleft(), progress)
        finally:
            for worker in workers:
                worker.close()
            for chunk, _ in waiting:
                chunk.close()

    def _finish(
        self, chunk: Chunk, coming: Future[Part], progress: Callable[[Progress], None]
    ) -> None:
        """Wait for a part, and enter it in the ledger."""
        with chunk:
            part = coming.result()
        self._rejects.add(part.unreadable[: self._rejects.room])
        self._part += 1
        self._entered += chunk.lines
        self._bytes += chunk.end - chunk.first
        self._counts += part.counts
        self._days |= part.days
        ledger.add(self._target, self._plan.site.name, self._as_entry(chunk, part))
        seconds = time.monotonic() - self._began
        file = self._plan.file
        progress(Progress(self._entered, file.stream.done, file.size, seconds))

    def _as_entry(self, chunk: Chunk, part: Part) -> Entry:
        return replace(
            self._entry,
            part=self._part,
            state=ledger.READ,
            at=0,
            first_byte=chunk.first,
            end_byte=chunk.whole,
            tail_bytes=chunk.tail_bytes,
            tail=chunk.tail,
            lines=chunk.lines - (chunk.whole < chunk.end),
            kinds=list(part.counts),
            counts=list(part.counts.values()),
            days=sorted(part.days),
            first_ts=part.requests.first,
            last_ts=part.requests.last,
        )

    def _begin(self) -> None:
        if not self._plan.start.resumed:
            ledger.add(self._target, self._plan.site.name, self._entry)

    def _unfinished(self, chunk: Chunk) -> int:
        """Return the number of a last line that is still being written, or 0."""
        file = self._plan.file
        cut = (self._plan.form.open_ended and file.growing) or file.damage
        return self._before + chunk.lines if chunk.whole < chunk.end and cut else 0

    def end(self) -> ImportResult:
        """Close the import in the ledger and return what it was."""
        if done := self.done():
            ledger.add(self._target, self._plan.site.name, done)
        return self.result()

    def done(self) -> Entry | None:
        """Return the entry that closes the import, or `None` where it has read nothing."""
        if not (self._part or self._plan.start.resumed):
            return None
        return replace(self._entry, part=self._part + 1, state=ledger.DONE, at=0)

    def result(self) -> ImportResult:
        """Return what became of the lines so far."""
        stored = self.done() is not None
        categories, reasons = split_counts(self._counts)
        return ImportResult(
            import_id=self._entry.import_id if stored else "",
            site=self._plan.site.name,
            source=self._entry.source,
            name=self._plan.file.name,
            lines=sum(categories.values()),
            **categories,
            refused_reasons=reasons,
            bytes=self._bytes,
            seconds=time.monotonic() - self._began,
            days=tuple(sorted(self._days)),
            rejects=self._rejects.written,
            notes=tuple(self._notes(categories, reasons)),
            damaged=bool(self._plan.file.damage),
        )

    def _notes(self, categories: dict[str, int], reasons: dict[str, int]) -> Iterator[str]:
        file = self._plan.file
        if file.damage:
            yield f"{file.name}: {file.damage}; what lies in front of that is imported."
        if 2 * reasons.get(MALFORMED, 0) > self._entered - self._plan.start.lines:
            yield (
                f"Most lines do not have the format {self._plan.form.text!r}: undo this import "
                "and name the right one with --log-format."
            )
        elif not sum(categories.values()):
            yield f"{file.name} is empty."
        elif categories["refused"] == sum(categories.values()):
            yield f"No line of {file.name} could be used: the reasons stand in the account."


def _start(target: Session, site: Site, source: str, form: Format, file: LogFile) -> Start:
    known = [entry for entry in ledger.entries(target, site.name) if entry.source == source]
    undone = {entry.number for entry in known if entry.state == ledger.UNDONE}
    undoing = [entry for entry in known if entry.state == ledger.UNDOING]
    if unfinished := next((entry for entry in undoing if entry.number not in undone), None):
        raise InputError(
            f"The undoing of {unfinished.import_id} was interrupted: do it once more before you "
            "import again."
        )
    fresh = Entry(source, 0, 0, ledger.BEGUN, file.name, form.text, _terms(form, site), 0, "")
    return ledger.start(known, file, fresh)


def _terms(form: Format, site: Site) -> str:
    """Return a hash of what decides about lines beside the lines themselves.

    Where it has changed, a log is read from its beginning, and its hits are known by their ids.
    """
    terms = [form.text, sorted(site.hosts), data.load("assets.json")]
    return fingerprint(json.dumps(terms).encode())


@contextmanager
def _alone(rejects: Path, site: Site, source: str) -> Iterator[None]:
    """Keep other imports of the same source away: they would count lines twice."""
    rejects.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = rejects / f".import-{fingerprint(f'{site.name} {source}'.encode())}.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise InputError(
            f"Another import of the source {source!r} into {site.name} is running: wait until it "
            "is done."
        ) from None
    finally:
        os.close(descriptor)
