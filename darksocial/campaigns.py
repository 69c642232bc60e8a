"""Campaigns: names for what a site's owner plans, with days, tags, links and a target."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from darksocial import registry
from darksocial.days import FIRST_DAY, LAST_DAY
from darksocial.errors import InputError, Said
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

GOALS = ("visits", "conversions")
LONGEST_NAME = 200
_NO_END = FIRST_DAY


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign of a site: `begins` to `ends` (`None`: it goes on), both days included.

    Visits belong to it by `tags` (values of utm_campaign) and `codes` (of managed links). It is
    to reach a `target` of its `goal`; a target of 0 is none.
    """

    site: str
    name: str
    begins: date
    ends: date | None = None
    tags: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    goal: str = "visits"
    target: int = 0


def campaigns(session: Session, site: str) -> list[Campaign]:
    """Return the campaigns of a site, the earliest first."""
    rows = session.query(statement("campaigns/all"), site=site).to_pylist()
    return [_of(site, row) for row in rows]


def find(session: Session, site: str, name: str) -> Campaign:
    """Return a campaign by its name, or raise `InputError`."""
    for one in campaigns(session, site):
        if one.name == name:
            return one
    raise InputError(
        Said(
            "%(site)s has no campaign %(name)r: `darksocial campaign list` prints those there are.",
            site=site,
            name=name,
        )
    )


def add(session: Session, wanted: Campaign, done_by: str = "") -> Campaign:
    """Add a campaign; its name must be free."""
    if any(one.name == wanted.name.strip() for one in campaigns(session, wanted.site)):
        raise InputError(
            Said(
                "%(site)s has a campaign %(name)r already: edit it, or take another.",
                site=wanted.site,
                name=wanted.name,
            )
        )
    return _put(session, replace(wanted, name=wanted.name.strip()), done_by)


def edit(session: Session, site: str, name: str, done_by: str = "", **changes: Any) -> Campaign:
    """Change a campaign's `begins`, `ends`, `tags`, `codes`, `goal` or `target`; return it."""
    return _put(session, replace(find(session, site, name), **changes), done_by)


def remove(session: Session, site: str, name: str, done_by: str = "") -> None:
    """Take a campaign out of the lists; the visits that it brought stay what they are."""
    _write(session, find(session, site, name), done_by, deleted=1)


def _put(session: Session, wanted: Campaign, done_by: str) -> Campaign:
    wanted = replace(wanted, tags=_distinct(wanted.tags), codes=_distinct(wanted.codes))
    _check(session, wanted)
    _write(session, wanted, done_by)
    return wanted


def _check(session: Session, wanted: Campaign) -> None:
    name = wanted.name
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise InputError(
            Said(
                "The campaign's name %(name)r cannot be read in a list: give one of 1 "
                "to %(longest_name)s printable letters.",
                name=name,
                longest_name=LONGEST_NAME,
            )
        )
    for day in (wanted.begins, wanted.ends or wanted.begins):
        if not _NO_END < day <= LAST_DAY:
            raise InputError(
                Said(
                    "The campaign %(name)r has the day %(day)s: give one from %(first)s to "
                    "%(last)s.",
                    name=name,
                    day=day,
                    first=_NO_END + timedelta(days=1),
                    last=LAST_DAY,
                )
            )
    if wanted.ends and wanted.ends < wanted.begins:
        raise InputError(
            Said(
                "The campaign %(name)r ends on %(ends)s, before it begins on %(begins)s.",
                name=name,
                ends=wanted.ends,
                begins=wanted.begins,
            )
        )
    if wanted.goal not in GOALS:
        raise InputError(
            Said(
                "%(goal)r is no goal: known are %(known)s.",
                goal=wanted.goal,
                known=", ".join(GOALS),
            )
        )
    if not 0 <= wanted.target < 2**63:
        raise InputError(
            Said(
                "The campaign %(name)r has the target %(target)s: give a whole number "
                "above 0, or 0 for none.",
                name=name,
                target=wanted.target,
            )
        )
    _check_keys(session, wanted)


def _check_keys(session: Session, wanted: Campaign) -> None:
    if not wanted.tags and not wanted.codes:
        raise InputError(
            Said(
                "Nothing tells which visits belong to the campaign %(name)r: give a "
                "value of utm_campaign or the code of a link.",
                name=wanted.name,
            )
        )
    known = {link.code for link in registry.links(session, wanted.site)}
    if strange := [code for code in wanted.codes if code not in known]:
        raise InputError(
            Said(
                "%(strange)r is no code of a link of %(site)s: `darksocial link list` "
                "prints those there are.",
                strange=strange[0],
                site=wanted.site,
            )
        )


def _write(session: Session, one: Campaign, done_by: str, deleted: int = 0) -> None:
    session.execute(
        statement("campaigns/put"),
        site=one.site,
        name=one.name,
        begins=one.begins,
        ends=one.ends or _NO_END,
        tags=list(one.tags),
        codes=list(one.codes),
        goal=one.goal,
        target=one.target,
        done_by=done_by,
        deleted=deleted,
        version=time.time_ns(),
    )


def _of(site: str, row: dict[str, Any]) -> Campaign:
    ends = None if row["ends"] == _NO_END else row["ends"]
    words = {name: tuple(row[name]) for name in ("tags", "codes")}
    return Campaign(**{**row, **words, "site": site, "ends": ends})


def _distinct(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
