"""The ledger of imports: what each one read, part by part.

It makes an import repeatable: a file is known again by its head and by the text in front of
the place where an import ended, whatever its name is now; what was read of it is passed over.
A part is entered after its hits are stored, so an import that was killed goes on after the
last part, and the hits it had stored beyond that are found by their ids.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date

from darksocial.imports.reading import HEAD_BYTES, LogFile, fingerprint
from darksocial.imports.result import ALREADY_IMPORTED
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

BEGUN, READ, DONE, UNDOING, UNDONE = "begun", "read", "done", "undoing", "undone"
UNREAD = "unread"  # beside a part whose lines have to be read again
LAST_PART = 2**32 - 2
DEFAULT_SOURCE = "log"
PREFIX = "log"
MOST_CHECKS = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the ledger; only a part (`read`) has bytes, lines and counts.

    `first_ts` and `last_ts` span the part's page requests, in seconds since 1970.
    """

    source: str
    number: int
    part: int
    state: str
    name: str
    format: str
    terms: str
    head_bytes: int
    head: str
    at: int = 0
    first_byte: int = 0
    end_byte: int = 0
    tail_bytes: int = 0
    tail: str = ""
    lines: int = 0
    kinds: list[str] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    first_ts: int = 0
    last_ts: int = 0

    @property
    def import_id(self) -> str:
        return import_id(self.source, self.number)


@dataclass(frozen=True, slots=True)
class Import:
    """One import as a whole. `state` is done, interrupted, undoing or undone.

    `counts` are lines by category and, with the prefix `refused: `, by reason.
    """

    import_id: str
    source: str
    name: str
    format: str
    state: str
    started: int
    lines: int
    counts: dict[str, int]
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Start:
    """Where an import begins: byte and lines in front of it, and who read those.

    `entry` is the import's first entry; `resumed` says that it was interrupted, then `own` are
    the parts that it has. `passed` counts lines that other imports read. `older` are all parts
    in front.
    """

    entry: Entry
    resumed: bool
    first_byte: int
    lines: int
    passed: int
    own: tuple[Entry, ...]
    older: tuple[Entry, ...]


def import_id(source: str, number: int) -> str:
    """Return the name of an import, which is also the source of its hits."""
    named = PREFIX if source == DEFAULT_SOURCE else f"{PREFIX}:{source}"
    return f"{named}:{number}"


def entries(session: Session, site: str) -> list[Entry]:
    """Return the ledger of a site."""
    return [
        Entry(**row) for row in session.query(statement("import/ledger"), site=site).to_pylist()
    ]


def add(session: Session, site: str, entry: Entry) -> None:
    """Write an entry down."""
    row = asdict(entry) | {"at": entry.at or int(time.time())}
    session.execute(statement("import/ledger_add"), site=site, **row)


def imports(entries: Iterable[Entry]) -> list[Import]:
    """Return the imports that the entries tell of, in the order in which they began."""
    by_number: dict[str, list[Entry]] = {}
    for entry in entries:
        by_number.setdefault(entry.import_id, []).append(entry)
    return sorted(map(_import, by_number.values()), key=lambda one: (one.started, one.import_id))


def _import(entries: list[Entry]) -> Import:
    first = entries[0]
    counts: Counter[str] = Counter()
    for entry in entries:
        counts.update(dict(zip(entry.kinds, entry.counts, strict=True)))
    return Import(
        first.import_id,
        first.source,
        first.name,
        first.format,
        _state(entries),
        min(entry.at for entry in entries),
        sum(entry.lines for entry in entries),
        dict(counts),
        tuple(sorted({day for entry in entries for day in entry.days})),
    )


def _state(entries: Iterable[Entry]) -> str:
    states = {entry.state for entry in entries}
    known = (state for state in (UNDONE, UNDOING, DONE) if state in states)
    return next(known, "interrupted")


def start(entries: list[Entry], file: LogFile, fresh: Entry) -> Start:
    """Return where to begin with a file, from the entries of its source.

    `fresh` is the first entry of a new import, without number, head and first byte. What other
    imports read under the same terms is passed over, what an interrupted one read stays its own.
    """
    number = max((entry.number for entry in entries), default=0) + 1
    head = file.text(0, HEAD_BYTES) if file.again else b""
    begun = replace(
        fresh, number=number, head_bytes=len(head), head=fingerprint(head) if head else ""
    )
    known = _of_file(entries, head, fresh.terms) if head else []
    if not known:
        return Start(begun, False, 0, 0, 0, (), ())
    place, older = _place(known, file)
    begun = replace(begun, first_byte=place, head_bytes=known[0].head_bytes, head=known[0].head)
    lines = sum(part.lines for part in older)
    for entry in _interrupted(known):
        own = [part for part in known if part.number == entry.number and part.state == READ]
        if (own[-1].end_byte if own else entry.first_byte) == place:
            passed = lines - sum(part.lines for part in own)
            return Start(entry, True, place, lines, passed, tuple(own), tuple(older))
    return Start(begun, False, place, lines, lines, (), tuple(older))


def _of_file(entries: list[Entry], head: bytes, terms: str) -> list[Entry]:
    """Return the entries of imports that read this file under the same terms."""
    heads: dict[int, str] = {}
    gone = {entry.number for entry in entries if entry.state in (UNDONE, UNDOING)}
    found = []
    for entry in entries:
        size = entry.head_bytes
        if not size or size > len(head) or entry.terms != terms or entry.number in gone:
            continue
        if size not in heads:
            heads[size] = fingerprint(head[:size])
        if heads[size] == entry.head:
            found.append(entry)
    unread = {(entry.number, entry.part) for entry in found if entry.state == UNREAD}
    return [entry for entry in found if (entry.number, entry.part) not in unread]


def _place(known: list[Entry], file: LogFile) -> tuple[int, list[Entry]]:
    """Return the furthest byte up to which every line was read, and the parts that did."""
    leading: dict[int, list[Entry]] = {0: []}
    for part in known:
        if part.state == READ and part.first_byte in leading and part.end_byte > part.first_byte:
            leading.setdefault(part.end_byte, [*leading[part.first_byte], part])
    for place in sorted(leading, reverse=True)[:MOST_CHECKS]:
        if not place or _same(leading[place][-1], file):
            return place, leading[place]
    return 0, []


def _same(part: Entry, file: LogFile) -> bool:
    """Return whether the file still has the text that the part ended with."""
    text = file.text(part.end_byte - part.tail_bytes, part.tail_bytes)
    return bool(part.tail_bytes) and fingerprint(text) == part.tail


def leaning(entries: Iterable[Entry], gone: Entry, hours: Iterable[int]) -> list[Entry]:
    """Return the parts that found lines already stored which `gone`'s import may have stored.

    `hours` are those of its hits. Such parts stored nothing of these lines themselves, so they
    no longer account for them once that import is undone.
    """
    others = [entry for entry in entries if entry.source == gone.source]
    silent = {entry.number for entry in others if entry.state in (UNDONE, UNDOING)}
    silent.add(gone.number)
    unread = {(entry.number, entry.part) for entry in others if entry.state == UNREAD}
    hits = sorted(hours)
    return [
        part
        for part in others
        if part.state == READ
        and part.number not in silent
        and (part.number, part.part) not in unread
        and dict(zip(part.kinds, part.counts, strict=True)).get(ALREADY_IMPORTED)
        and any(part.first_ts < hour + 3600 and part.last_ts >= hour for hour in hits)
    ]


def unread(part: Entry) -> Entry:
    """Return the entry that says that a part has to be read again."""
    return replace(part, state=UNREAD, at=0, lines=0, kinds=[], counts=[], days=[])


def _interrupted(known: list[Entry]) -> list[Entry]:
    """Return the first entries of imports that have no end, newest first."""
    done = {entry.number for entry in known if entry.state == DONE}
    begun = [entry for entry in known if entry.state == BEGUN and entry.number not in done]
    return sorted(begun, key=lambda entry: -entry.number)
