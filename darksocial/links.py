"""Managed links after their making: changes with a history, lists from CSV, tags, QR codes."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

from darksocial import lists, registry
from darksocial.errors import DarksocialError, InputError, Said
from darksocial.model import LINK_KINDS, Link, Site
from darksocial.rules.urls import with_parameter
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

UTM = ("source", "medium", "campaign", "term", "content")
COLUMNS = ("destination", "kind", "label", *(f"utm_{name}" for name in UTM), "expires")
LONGEST_LIST = 10_000
_GAPS = re.compile(r"[\s_]+")


@dataclass(frozen=True, slots=True)
class Change:
    """One state of a link: since when (UTC), by whom, and what it was."""

    since: datetime
    done_by: str
    destination: str
    kind: str
    label: str
    expires: int
    disabled: bool


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a list of links: those that were added, those that were there, the refused.

    `refused` has the number of the line (the heading is line 1) and one sentence.
    """

    added: tuple[Link, ...]
    known: int
    refused: tuple[lists.Refused, ...]


def find(session: Session, code: str) -> Link:
    """Return a link by its code, or raise `InputError`."""
    for link in registry.links(session):
        if link.code == code:
            return link
    raise InputError(
        Said(
            "%(code)r is no link's code: `darksocial link list` prints those there are.", code=code
        )
    )


def edit(session: Session, code: str, done_by: str = "", **changes: Any) -> Link:
    """Change a link's `destination`, `kind`, `label`, `expires` or `disabled`; return it.

    The code stays, and so does the site: what it recorded would else belong to two.
    """
    before = find(session, code)
    if "destination" in changes:
        changes["destination"] = registry.page_address(changes["destination"])
        if registry.site_of(session, changes["destination"]) != before.site:
            raise InputError(
                Said(
                    "The destination %(destination)r is on another site than the link "
                    "%(code)s: make a new link for it.",
                    destination=changes["destination"],
                    code=code,
                )
            )
    if changes.get("label", before.label) != before.label:
        registry.check_label(changes["label"])
    after = replace(before, **changes)
    if after.kind not in LINK_KINDS:
        raise InputError(
            Said(
                "%(kind)r is no kind of link: known are %(known)s.",
                kind=after.kind,
                known=", ".join(LINK_KINDS),
            )
        )
    if after != before:
        registry.put_link(session, after, done_by)
    return after


def remove(session: Session, code: str, done_by: str = "") -> None:
    """Take a link out of the lists; its code leads nowhere and is never given again."""
    registry.put_link(session, replace(find(session, code), disabled=True), done_by, deleted=True)


def history(session: Session, code: str) -> list[Change]:
    """Return the states that a link had, the oldest first."""
    number = find(session, code).number
    rows = session.query(statement("links/history"), number=number).to_pylist()
    return [
        Change(
            datetime.fromtimestamp(row.pop("version") / 1e9, timezone.utc),
            **{**row, "disabled": bool(row["disabled"])},
        )
        for row in rows
    ]


def end_of_day(day: date, zone: str) -> int:
    """Return when a day ends in a time zone, in seconds since 1970."""
    return int(
        datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=ZoneInfo(zone)).timestamp()
    )


def tagged(destination: str, tags: Mapping[str, str], lower: bool = True, gap: str = "-") -> str:
    """Return an address with campaign parameters, written as the site writes them.

    `tags` are values by `source`, `medium`, `campaign`, `term` and `content`; empty ones are left
    out. `lower` and `gap` (what stands for blanks) keep one campaign from being counted as two.
    """
    if unknown := sorted(set(tags) - set(UTM)):
        raise InputError(
            Said(
                "%(unknown)r is no campaign parameter: known are %(known)s.",
                unknown=unknown[0],
                known=", ".join(UTM),
            )
        )
    address = destination
    for name in UTM:
        value = _GAPS.sub(gap, tags.get(name, "").strip())
        if value:
            address = with_parameter(address, f"utm_{name}", value.lower() if lower else value)
    return address


def from_csv(session: Session, text: str, site: Site, done_by: str = "") -> Made:
    """Add the links of a CSV with the columns of `COLUMNS` (`destination` alone is needed).

    Lines that cannot be used are refused one by one. A line whose destination, kind and label
    exist already adds nothing, so a list may be read again.
    """
    there = {_same(link) for link in registry.links(session, site.name)}
    added, known = [], 0
    refused: list[lists.Refused] = []
    for line, row in lists.rows(text, COLUMNS, ("destination",), LONGEST_LIST, refused):
        try:
            wanted = _wanted(row, site)
            if _same(wanted) in there:
                known += 1
                continue
            made = registry.add_link(
                session, wanted.destination, wanted.kind, wanted.label, wanted.expires, done_by
            )
        except DarksocialError as error:
            refused.append((line, error.args[0]))
            continue
        there.add(_same(made))
        added.append(made)
    return Made(tuple(added), known, tuple(refused))


def qr(address: str, kind: str = "svg") -> bytes:
    """Return the QR code of an address as SVG or PNG, with the quiet zone that readers need."""
    if kind not in ("svg", "png"):
        raise InputError(
            Said("%(kind)r is no format of a QR code: known are svg and png.", kind=kind)
        )
    import segno

    file = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(file, kind=kind, scale=8, border=4)
    return file.getvalue()


def _same(link: Link) -> tuple[str, str, str]:
    return (link.destination, link.kind, link.label)


def _wanted(row: Mapping[str, str], site: Site) -> Link:
    tags = {name: row[f"utm_{name}"] for name in UTM if row.get(f"utm_{name}")}
    expires = 0
    if row.get("expires"):
        expires = end_of_day(lists.day("expires", row["expires"]), site.timezone)
    kind = row.get("kind") or "campaign"
    destination = registry.page_address(tagged(row.get("destination", ""), tags))
    return Link("", site.name, destination, kind, row.get("label", ""), expires=expires)
