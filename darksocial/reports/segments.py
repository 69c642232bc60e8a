"""Named segments: filters that a site's people keep under a name, such as a persona."""

from __future__ import annotations

import time
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from darksocial import registry
from darksocial.errors import FilterNames, InputError, Said
from darksocial.reports import narrowing
from darksocial.reports.narrowing import Filters
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Segment:
    """Visits that belong together: `filters` by name, and who changed them last."""

    site: str
    name: str
    filters: Filters
    done_by: str = ""


def segments(session: Session, site: str) -> list[Segment]:
    """Return the segments of a site by name."""
    rows = session.query(statement("segments/all"), site=site).to_pylist()
    return [
        Segment(site, row["name"], dict(parse_qsl(row["filters"])), row["done_by"]) for row in rows
    ]


def find(session: Session, site: str, name: str) -> Segment:
    """Return a segment by its name, or raise `InputError`."""
    known = {one.name: one for one in segments(session, site)}
    if name not in known:
        there = ", ".join(known) or "none yet"
        raise InputError(
            Said(
                "%(site)s has no segment %(name)r: there are %(there)s.",
                site=site,
                name=name,
                there=there,
            )
        )
    return known[name]


def save(session: Session, wanted: Segment, instead: str = "") -> Segment:
    """Keep a segment under its name, `instead` of one that had another name before.

    Its name must be free, or be that of the segment that it takes the place of.
    """
    name = wanted.name.strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise InputError(
            Said(
                "The segment's name %(name)r cannot be read in a list: give one of 1 "
                "to %(longest_name)s printable letters.",
                name=name,
                longest_name=LONGEST_NAME,
            )
        )
    filters = narrowing.checked(wanted.filters, registry.site(session, wanted.site).hosts)
    if not filters:
        raise InputError(
            Said(
                "The segment %(name)r would hold every visit: give it at least one of %(known)s.",
                name=name,
                known=FilterNames(narrowing.FILTERS),
            )
        )
    if instead:
        find(session, wanted.site, instead)
    if name != instead and name in {one.name for one in segments(session, wanted.site)}:
        raise InputError(
            Said(
                "%(site)s has a segment %(name)r already: choose another name.",
                site=wanted.site,
                name=name,
            )
        )
    made = Segment(wanted.site, name, filters, wanted.done_by)
    _write(session, made)
    if instead and instead != name:
        _write(session, Segment(wanted.site, instead, {}, wanted.done_by), deleted=1)
    return made


def remove(session: Session, site: str, name: str, done_by: str = "") -> None:
    """Take a segment out of the lists; addresses that name it lead to a sentence that says so."""
    found = find(session, site, name)
    _write(session, Segment(site, name, found.filters, done_by), deleted=1)


def _write(session: Session, one: Segment, deleted: int = 0) -> None:
    session.execute(
        statement("segments/put"),
        site=one.site,
        name=one.name,
        filters=urlencode(one.filters),
        done_by=one.done_by,
        deleted=deleted,
        version=time.time_ns(),
    )
