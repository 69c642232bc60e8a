"""From the page requests of a chunk to hits in the store."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from darksocial import enrichment, reclassification, registry
from darksocial.imports.ledger import PREFIX, Entry
from darksocial.imports.lines import Requests
from darksocial.imports.reading import fingerprint
from darksocial.model import FETCH_SITES, Site
from darksocial.rules import headers
from darksocial.store.protocol import Session, Store
from darksocial.store.sql import Name, statement

_IDS = pa.schema([("id", pa.uint64())])
_SALT = pa.schema([("low", pa.uint64()), ("high", pa.uint64())])


@dataclass(frozen=True, slots=True)
class Taken:
    """What was stored of a chunk: hits by category, and the days that they touch."""

    counts: Counter[str]
    days: set[date]


class Intake:
    """Stores the page requests in `import_lines` as the hits of one import.

    `seen` is the table in which the import's intakes count the lines that were read.
    """

    def __init__(
        self, store: Store, site: Site, target: Session, work: Session, seen: Name
    ) -> None:
        self._store = store
        self._site = site
        self._target = target
        self._work = work
        self._seen = seen
        self._recorded = int(time.time() * 1000)
        self._check = enrichment.site_token(self._recorded // 3_600_000, registry.codes(target))

    def salt(self, source: str) -> None:
        """Have the source's key for visitors ready in the engine."""
        key = int(visitor_key(self._target, self._site.name, source), 16)
        row = pa.table([[key >> 64], [key & (2**64 - 1)]], schema=_SALT)
        self._work.execute("DROP TABLE IF EXISTS import_salt")
        self._work.execute(
            "CREATE TEMPORARY TABLE import_salt (low UInt64, high UInt64) ENGINE = Memory"
        )
        self._work.insert("import_salt", row)

    def number(self, source: str, requests: Requests) -> None:
        """Give every request its id; the chunks in front must have been remembered."""
        self._work.execute(
            statement("import/ids"),
            source=source,
            seen=self._seen,
            first=requests.first,
            last=requests.last,
        )

    def remember(self) -> None:
        """Keep in mind which lines were read, for those that follow."""
        self._work.execute(statement("import/remember"), seen=self._seen)

    def store(self, entry: Entry, requests: Requests, silent: str, resumed: str) -> Taken:
        """Store what is new; `silent` is the kind of an agent that is not known.

        Hits of the import `resumed` may have been stored before it was killed: they come again.
        """
        self._look_up(requests, resumed)
        enrichment.finish(self._work)
        self._work.execute(
            statement("import/raw"),
            site=self._site.name,
            source=entry.import_id,
            recorded=self._recorded,
            fetch_sites=FETCH_SITES,
            package=f"^(?:{headers.PACKAGE})$",
            longest_package=headers.LONGEST_PACKAGE,
        )
        enrichment.enrich(self._work, {self._site.name: self._site}, self._check, silent)
        rows = self._work.query(statement("import/kinds")).to_pylist()
        enrichment.move(self._work, self._store, self._target)
        days: set[date] = set()
        for hour in self._work.query(statement("import/hours"))["hour"].to_pylist():
            days |= reclassification.days_around(hour, self._site)
        sites = {self._site.name: self._site}
        late = reclassification.days_of_late(self._work, self._target, sites)
        days |= late.get(self._site.name, set())
        reclassification.touch(self._target, self._site.name, days)
        return Taken(Counter({row["kind"]: row["n"] for row in rows}), days)

    def _look_up(self, requests: Requests, resumed: str) -> None:
        """Find the ids that the store has already."""
        if not self._store.local:
            self._target.execute("DROP TABLE IF EXISTS import_ids")
            _ids_table(self._target, "import_ids")
            self._target.insert("import_ids", self._work.query("SELECT id FROM import_ids"))
        known = self._target.query(
            statement("import/known"),
            site=self._site.name,
            resumed=resumed,
            first=requests.first,
            last=requests.last,
        )
        _ids_table(self._work, "import_known")
        if known.num_rows:
            self._work.insert("import_known", known.cast(_IDS))


@contextmanager
def seen_table(work: Session, site: str, source: str) -> Iterator[Name]:
    """Make the table of the lines that an import has read; it goes with the import.

    One that a killed import left behind has the same name and goes first.
    """
    name = Name(f"import_seen_{fingerprint(f'{site} {source}'.encode())}")
    work.execute("DROP TABLE IF EXISTS %(seen)s", seen=name)
    work.execute(statement("import/seen"), seen=name)
    try:
        yield name
    finally:
        work.execute("DROP TABLE IF EXISTS %(seen)s", seen=name)


def salt_name(site: str, source: str) -> str:
    """Return the name under which the installation keeps the key of a source."""
    return f"salt:{PREFIX}:{site}:{source}"


def visitor_key(session: Session, site: str, source: str) -> str:
    """Return the key under which a source's visitors are hashed: 32 hex digits.

    It belongs to the source, not to a day, so that a log that has grown keeps its visitors.
    """
    name = salt_name(site, source)
    rows = session.query(statement("meta/get"), name=name)["value"].to_pylist()
    if rows:
        return str(rows[0])
    key = secrets.token_hex(16)
    session.execute(statement("meta/put"), name=name, value=key, version=time.time_ns())
    return key


def _ids_table(session: Session, name: str) -> None:
    session.execute(f"CREATE TEMPORARY TABLE {name} (id UInt64) ENGINE = Memory")
