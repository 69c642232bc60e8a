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
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from darksocial import enrichment
from darksocial.errors import InputError
from darksocial.imports import formats, ledger
from darksocial.imports.formats import Format
from darksocial.imports.intake import Intake
from darksocial.imports.ledger import Entry, Start
from darksocial.imports.lines import MALFORMED, UNREADABLE, Lines, Requests
from darksocial.imports.reading import Chunk, LogFile, fingerprint
from darksocial.imports.rejects import Rejects
from darksocial.imports.result import REFUSED, ImportResult, Progress, split_counts
from darksocial.model import Site
from darksocial.rules import data
from darksocial.store.protocol import Session, Store

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
    form = formats.parse(format)
    if not _SOURCE.fullmatch(source):
        raise InputError(
            f"The source {source!r} cannot be used: give up to 64 letters, digits, '.', '_', '-'."
        )
    with LogFile(path) as file, _alone(rejects, site, source), store.session() as target:
        start = _start(target, site, source, form, file)
        with enrichment.scratch(store, target) as work:
            run = _Run(store, site, form, file, start)
            run.begin(target, work, Rejects(rejects, start.entry.import_id))
            for chunk in file.chunks(start.first_byte):
                run.take(chunk)
                if progress:
                    progress(run.progress())
            return run.end()


class _Run:
    """One run through a log: the counts so far, and who does what with a chunk."""

    _lines: Lines
    _intake: Intake
    _rejects: Rejects
    _target: Session

    def __init__(
        self, store: Store, site: Site, form: Format, file: LogFile, start: Start
    ) -> None:
        self._began = time.monotonic()
        self._store = store
        self._site = site
        self._form = form
        self._file = file
        self._start = start
        self._entry = start.entry
        self._part = max((part.part for part in start.own), default=0)
        self._before = start.lines
        self._bytes = 0
        self._counts: Counter[str] = Counter({"already_imported": start.passed})
        self._days: set[date] = set()
        self._recalled: set[int] = set()
        for part in start.own:
            self._counts.update(dict(zip(part.kinds, part.counts, strict=True)))
            self._days.update(part.days)

    def begin(self, target: Session, work: Session, rejects: Rejects) -> None:
        """Take the sessions to work with."""
        self._target = target
        self._rejects = rejects
        self._lines = Lines(work, self._site, self._form, int(time.time()))
        self._intake = Intake(self._store, self._site, target, work)
        self._intake.salt(self._entry.source)
        if self._start.resumed:
            rejects.resume(self._before)

    def take(self, chunk: Chunk) -> None:
        """Store a chunk, and enter it in the ledger."""
        resumed = self._entry.import_id if self._start.resumed and not self._bytes else ""
        if not self._bytes and not self._start.resumed:
            ledger.add(self._target, self._site.name, self._entry)
        requests = self._read(chunk)
        counts = self._lines.counts(chunk.lines)
        if any(REFUSED + reason in counts for reason in UNREADABLE):
            self._rejects.add(self._lines.unreadable(self._rejects.room))
        days: set[date] = set()
        if wanted := requests.n - self._lines.declined:
            silent = "bot" if self._form.logs("agent") else ""
            taken = self._intake.take(self._entry, requests, silent, resumed)
            counts += taken.counts
            counts["already_imported"] += wanted - taken.counts.total()
            days = taken.days
        if not chunk.last:
            self._intake.remember()
        self._enter(chunk, counts, requests, days)

    def end(self) -> ImportResult:
        """Close the import in the ledger and return what it was."""
        part = self._part
        stored = part or self._start.resumed
        if stored:
            done = replace(self._entry, part=part + 1, state=ledger.DONE, at=0)
            ledger.add(self._target, self._site.name, done)
        categories, reasons = split_counts(self._counts)
        return ImportResult(
            import_id=self._entry.import_id if stored else "",
            site=self._site.name,
            source=self._entry.source,
            name=self._file.name,
            lines=sum(categories.values()),
            **categories,
            refused_reasons=reasons,
            bytes=self._bytes,
            seconds=time.monotonic() - self._began,
            days=tuple(sorted(self._days)),
            rejects=self._rejects.path if self._rejects.path.exists() else None,
            notes=tuple(self._notes(reasons)),
        )

    def progress(self) -> Progress:
        seconds = time.monotonic() - self._began
        return Progress(self._before, self._file.stream.done, self._file.size, seconds)

    def _read(self, chunk: Chunk) -> Requests:
        unfinished = 0
        cut = self._form.open_ended and self._file.growing or self._file.damage
        if chunk.whole < chunk.end and cut:
            unfinished = self._before + chunk.lines
        self._lines.read(chunk, self._before, unfinished)
        requests = self._lines.requests()
        if requests.n and self._recall(requests):
            self._lines.read(chunk, self._before, unfinished)
        return requests

    def _recall(self, requests: Requests) -> bool:
        """Read older parts again that may hold the same lines: the ordinals go on from them."""
        parts = [
            part
            for part in self._start.older
            if part.first_byte not in self._recalled
            and 0 < part.last_ts >= requests.first
            and part.first_ts <= requests.last
        ]
        for part in parts:
            self._recalled.add(part.first_byte)
            for chunk in self._file.chunks(part.first_byte, part.end_byte):
                self._lines.read(chunk, 0, 0)
                self._intake.remember()
        return bool(parts)

    def _enter(
        self, chunk: Chunk, counts: Counter[str], requests: Requests, days: set[date]
    ) -> None:
        self._part += 1
        self._before += chunk.lines
        self._bytes += chunk.end - chunk.first
        self._counts += counts
        self._days |= days
        entry = replace(
            self._entry,
            part=self._part,
            state=ledger.READ,
            at=0,
            first_byte=chunk.first,
            end_byte=chunk.whole,
            tail_bytes=chunk.tail_bytes,
            tail=chunk.tail,
            lines=chunk.lines - (chunk.whole < chunk.end),
            kinds=list(counts),
            counts=list(counts.values()),
            days=sorted(days),
            first_ts=requests.first,
            last_ts=requests.last,
        )
        ledger.add(self._target, self._site.name, entry)

    def _notes(self, reasons: dict[str, int]) -> Iterator[str]:
        if self._file.damage:
            yield f"{self._file.name}: {self._file.damage}; what lies in front of that is imported."
        if 2 * reasons.get(MALFORMED, 0) > self._before - self._start.lines:
            yield (
                f"Most lines do not have the format {self._form.text!r}: "
                f"undo this import and name the right one with --log-format."
            )


def _start(
    target: Session, site: Site, source: str, form: Format, file: LogFile
) -> Start:
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
