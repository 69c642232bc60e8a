"""Taking imports back: one of them (`undo`), or what connects a source's visitors (`forget`)."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from darksocial import reclassification
from darksocial.errors import InputError, StoreError
from darksocial.imports import ledger
from darksocial.imports.intake import salt_name
from darksocial.imports.ledger import Entry, Import
from darksocial.imports.rejects import place
from darksocial.model import Site
from darksocial.store.protocol import Session, Store
from darksocial.store.sql import Name, statement

POLL_SECONDS = 0.05
LONGEST_WAIT = 3600.0
FED = ("hits", "shares", "previews")  # the tables that hold what a source brought


@dataclass(frozen=True, slots=True)
class Undone:
    """An import that was taken back: how many hits went, and on which days.

    `again` are imports that had found some of its lines already imported: their files have to
    be imported again where these lines shall count.
    """

    import_id: str
    hits: int
    days: tuple[date, ...]
    again: tuple[str, ...] = ()


def list_imports(store: Store, site: Site) -> list[Import]:
    """Return the imports into a site, in the order in which they began."""
    with store.session() as session:
        return ledger.imports(ledger.entries(session, site.name))


def undo(store: Store, site: Site, import_id: str, rejects: Path | None = None) -> Undone:
    """Delete the hits of an import, mark their days, and let its file be imported again.

    What the import left in the directory `rejects` goes, too.

    Returns when the hits are gone. May be interrupted: the same call goes on. Raises
    `InputError` where there is no such import.
    """
    with store.session() as session:
        known = ledger.entries(session, site.name)
        entries = [entry for entry in known if entry.import_id == import_id]
        if not entries:
            raise InputError(
                f"{site.name} has no import {import_id!r}: `darksocial import list` shows them."
            )
        hours = _hours(session, site, import_id)
        days = {day for hour in hours for day in reclassification.days_around(hour, site)}
        days.update(day for entry in entries for day in entry.days)
        _enter(session, site, entries[0], ledger.UNDOING, days)
        again = ledger.leaning(known, entries[0], hours)
        for part in again:
            ledger.add(session, site.name, ledger.unread(part))
        remove_source(session, site, import_id)
        reclassification.touch(session, site.name, days)
        _enter(session, site, entries[0], ledger.UNDONE, days)
    if rejects is not None:
        place(rejects, site.name, import_id).unlink(missing_ok=True)
    names = tuple(dict.fromkeys(part.import_id for part in again))
    return Undone(import_id, sum(hours.values()), tuple(sorted(days)), names)


def remove_source(session: Session, site: Site, source: str) -> None:
    """Delete all that a source brought: hits, and what was fed from them."""
    for table in FED:
        params = {"table": Name(table), "site": site.name, "source": source}
        session.execute(statement("import/remove"), **params)
        wait_for_mutations(session, table)


def forget(store: Store, site: Site, source: str = ledger.DEFAULT_SOURCE) -> None:
    """Delete the key of a source: its visitors cannot be recognised in later imports.

    What was imported stays; without the key nobody can say whose it was.
    """
    with store.session() as session:
        session.execute(statement("import/remove_salt"), name=salt_name(site.name, source))
        wait_for_mutations(session, "meta")


def wait_for_mutations(session: Session, table: str) -> None:
    """Return when the deletions from a table are done; old servers know no other way."""
    deadline = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < deadline:
        if not session.query(statement("import/mutations"), table=table)["n"][0].as_py():
            return
        time.sleep(POLL_SECONDS)
    raise StoreError(f"The store has not deleted from {table} within an hour: look at its load.")


def _hours(session: Session, site: Site, import_id: str) -> dict[int, int]:
    """Return the hours (seconds since 1970) in which an import has hits, and how many."""
    rows = session.query(statement("import/hours_of"), site=site.name, source=import_id)
    return dict(zip(rows["hour"].to_pylist(), rows["hits"].to_pylist(), strict=True))


def _enter(session: Session, site: Site, first: Entry, state: str, days: set[date]) -> None:
    part = ledger.LAST_PART + (state == ledger.UNDONE)
    entry = replace(first, part=part, state=state, at=0, days=sorted(days))
    ledger.add(session, site.name, entry)
