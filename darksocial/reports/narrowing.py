"""Filters: which visits a report speaks of.

Every report on visits knows the same filters. They are put in where a statement reads the table
of visits, so that no statement has to know them, and none can forget one. What is no visit stays
whole: shares, previews, clicks on links, figures of networks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any

import pyarrow as pa

from darksocial.errors import InputError
from darksocial.model import CHANNELS
from darksocial.store.protocol import Session

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
_READ = re.compile(r"\bFROM visits\b(?! AS)")


def checked(filters: Filters) -> dict[str, str]:
    """Return the filters that say something; raise `InputError` for one that cannot be."""
    said = {name: value.strip() for name, value in filters.items() if value.strip()}
    for name, value in said.items():
        if name not in FILTERS:
            raise InputError(f"{name!r} is no filter: there are {', '.join(FILTERS)}.")
        words = FILTERS[name]
        if words and value not in words:
            raise InputError(f"{value!r} is no {name}: there are {', '.join(words)}.")
        if len(value) > LONGEST:
            raise InputError(f"The filter {name} is longer than {LONGEST} letters: shorten it.")
    return {name: said[name] for name in FILTERS if name in said}


def narrowed(session: Session, filters: Iterable[Filters]) -> Session:
    """Return a session that sees only the visits which fit all of these filters."""
    parts = [(name, value) for one in filters for name, value in checked(one).items()]
    return Narrowed(session, parts) if parts else session


class Narrowed:
    """A session in which the table `visits` has only the rows that fit.

    The rows are chosen in a subquery, since a statement may give the names of columns to
    something else; engines push the statement's own conditions into it.
    """

    def __init__(self, session: Session, parts: list[tuple[str, str]]) -> None:
        self._session = session
        self._params: dict[str, str] = {}
        conditions = [self._condition(name, value) for name, value in parts]
        self._visits = f"FROM (SELECT * FROM visits WHERE {' AND '.join(conditions)}) AS fitting"

    def _condition(self, name: str, value: str) -> str:
        key = f"filter_{len(self._params)}"
        self._params[key] = value.removesuffix(ANY_END) if name == "page" else value
        if name != "page":
            return f"{COLUMNS[name]} = %({key})s"
        place = "path" if value.startswith("/") else "concat(host, path)"
        if value.endswith(ANY_END):
            return f"position({place}, %({key})s) = 1"
        return f"{place} = %({key})s"

    def _only(self, sql: str, params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        text, times = _READ.subn(lambda _: self._visits, sql)
        return text, {**params, **(self._params if times else {})}

    def query(self, sql: str, /, **params: Any) -> pa.Table:
        text, values = self._only(sql, params)
        return self._session.query(text, **values)

    def execute(self, sql: str, /, **params: Any) -> None:
        text, values = self._only(sql, params)
        self._session.execute(text, **values)

    def insert(self, table: str, rows: pa.Table) -> None:
        self._session.insert(table, rows)

    def close(self) -> None:
        self._session.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
