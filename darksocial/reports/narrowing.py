"""Filters: which visits a report speaks of.

Every report on visits knows the same filters. They are put in where a statement reads the table
of visits, so that no statement has to know them, and none can forget one. What is no visit stays
whole: shares, previews, clicks on links, figures of networks.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pyarrow as pa

from darksocial.errors import FilterNames, InputError, Said
from darksocial.model import CHANNELS
from darksocial.rules.urls import own_host
from darksocial.store.protocol import Closing, Session
from darksocial.store.sql import literal, render

Filters = Mapping[str, str]

DEVICES = ("desktop", "mobile", "tablet")
# A filter's name, and the words that it may be, or `None` for free text.
FILTERS: dict[str, tuple[str, ...] | None] = {
    "page": None,
    "campaign": None,
    "source": None,
    "channel": CHANNELS,
    "application": None,
    "device": DEVICES,
}
COLUMNS = {
    "campaign": "utm_campaign",
    "source": "utm_source",
    "channel": "channel",
    "application": "application",
    "device": "device",
}
LONGEST = 2000
ANY_END = "*"
# Where a statement reads visits; texts and comments are stepped over, they may say the same.
_READ = re.compile(r"'(?:[^'\\]|\\.)*'|--[^\n]*|\bFROM visits\b(?! AS)", re.DOTALL)


def checked(filters: Filters, hosts: Collection[str] = ()) -> dict[str, str]:
    """Return the filters that say something; raise `InputError` for one that cannot be.

    Where the `hosts` of a site are given, its page has to be one of theirs.
    """
    said = {name: value.strip() for name, value in filters.items() if value.strip()}
    for name, value in said.items():
        if name not in FILTERS:
            raise InputError(
                Said(
                    "%(name)r is no filter: there are %(known)s.",
                    name=name,
                    known=", ".join(FILTERS),
                )
            )
        words = FILTERS[name]
        if words and value not in words:
            raise InputError(
                Said(
                    "%(value)r is no %(name)s: there are %(known)s.",
                    value=value,
                    name=name,
                    known=", ".join(words),
                )
            )
        if len(value) > LONGEST:
            raise InputError(
                Said(
                    "The filter %(name)s is longer than %(longest)s letters: shorten it.",
                    name=FilterNames([name]),
                    longest=LONGEST,
                )
            )
        if not _is_text(value):
            raise InputError(
                Said(
                    "The filter %(name)s is no text in UTF-8: write it anew.",
                    name=FilterNames([name]),
                )
            )
    _check_page(said.get("page", "/"), hosts)
    return {name: said[name] for name in FILTERS if name in said}


def _check_page(page: str, hosts: Collection[str]) -> None:
    """Raise `InputError` for a page that no visit of these hosts can have begun on."""
    host, slash, _ = page.partition("/")
    if host and hosts and not (_has(hosts, host) if slash else _may_become(hosts, host)):
        raise InputError(
            Said(
                "The page %(page)r begins neither with / nor with a host of the site and its "
                "path: write it like /blog/* or %(host)s/blog/*.",
                page=page,
                host=next(iter(hosts)),
            )
        )


def _has(hosts: Collection[str], host: str) -> bool:
    return own_host(host, hosts) and host == host.lower()


def _may_become(hosts: Collection[str], text: str) -> bool:
    """Return whether a text that ends before any path can be how pages of hosts begin."""
    begins = text.removesuffix(ANY_END)
    found = _has(hosts, begins) or any(host.startswith(begins) for host in hosts)
    return found and begins != text


def _is_text(value: str) -> bool:
    """Return whether a text can be stored: an argument of a command may hold any bytes."""
    try:
        return bool(value.encode())
    except UnicodeEncodeError:
        return False


def narrowed(session: Session, filters: Iterable[Filters]) -> Session:
    """Return a session that sees only the visits which fit all of these filters."""
    parts = [(name, value) for one in filters for name, value in checked(one).items()]
    return Narrowed(session, parts) if parts else session


def _condition(name: str, value: str) -> str:
    if name != "page":
        return f"{COLUMNS[name]} = {literal(value)}"
    place = "path" if value.startswith("/") else "concat(host, path)"
    if value.endswith(ANY_END):
        return f"position({place}, {literal(value.removesuffix(ANY_END))}) = 1"
    return f"{place} = {literal(value)}"


class Narrowed(Closing):
    """A session in which the table `visits` has only the rows that fit.

    The rows are chosen in a subquery, since a statement may give the names of columns to
    something else; engines push the statement's own conditions into it.
    """

    def __init__(self, session: Session, parts: list[tuple[str, str]]) -> None:
        self._session = session
        conditions = " AND ".join(_condition(name, value) for name, value in parts)
        self._visits = f"FROM (SELECT * FROM visits WHERE {conditions}) AS fitting"

    def _only(self, sql: str, params: Mapping[str, Any]) -> str:
        """Return the whole statement: parts of it may have come in as values."""
        return _READ.sub(
            lambda found: self._visits if found[0].startswith("FROM") else found[0],
            render(sql, params),
        )

    def query(self, sql: str, /, **params: Any) -> pa.Table:
        return self._session.query(self._only(sql, params))

    def execute(self, sql: str, /, **params: Any) -> None:
        self._session.execute(self._only(sql, params))

    def insert(self, table: str, rows: pa.Table) -> None:
        self._session.insert(table, rows)

    def close(self) -> None:
        self._session.close()
