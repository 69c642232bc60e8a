"""The lines of one chunk, in temporary tables of a scratch session: what each is, and its id."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from darksocial.imports.layout import CELLS, Expression, Format
from darksocial.imports.reading import Chunk
from darksocial.imports.result import REFUSED, UNREADABLE
from darksocial.model import Site
from darksocial.rules import agents, data, urls
from darksocial.store.protocol import Session
from darksocial.store.sql import render, statement

LONGEST_LINE = 8 * 1024 * 1024
EARLIEST = 788_918_400  # 1995: there were no logs of this kind before
FUTURE_SECONDS = 24 * 3600
METHODS = ("POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE", "PROPFIND")
IRREGULAR, MALFORMED_REQUEST = 1, 10  # verdicts of table.sql, by their numbers
PERSONS = ("browser", "in_app")
TABLES = ("import_lines", "import_declined", "import_persons", "import_ids", "import_known")
_PERSONS = pa.schema([("agent_hash", pa.uint64())])


@dataclass(frozen=True, slots=True)
class Requests:
    """The page requests of a chunk: how many, and the span of their times in seconds."""

    n: int
    first: int
    last: int


class Lines:
    """Reads chunks of one log into `import_lines` and says what they hold."""

    def __init__(self, work: Session, site: Site, form: Format, now: int) -> None:
        self._work = work
        self._form = form
        self._tally: list[dict[str, Any]] = []
        self._declined: Counter[str] = Counter()
        assets = data.load("assets.json")
        self._feed_query = assets["feed_query"]
        prefixes, names = _any_of(assets["prefixes"]), _any_of(assets["names"])
        self._params: dict[str, Any] = {
            "clock": form.clock,
            "has_request": form.logs("request"),
            "has_status": form.logs("status"),
            "hosts": tuple(site.hosts),
            "own": rf"(?:^|\.)(?:{_any_of(site.hosts)})$",
            "earliest": EARLIEST,
            "latest": now + FUTURE_SECONDS,
            "methods": METHODS,
            "extensions": tuple(assets["extensions"]),
            "elsewhere": rf"(?i)^(?:{prefixes})|/(?:{names})/?$",
        }
        self._slow = {
            "pattern": form.pattern,
            "longest": LONGEST_LINE,
            "origin": urls.HOST,
            **{f"{cell}_group": group for cell, group in zip(CELLS, form.groups, strict=True)},
        }

    def read(self, chunk: Chunk, before: int, unfinished: int) -> Requests:
        """Fill the tables, and return how many page requests there are, and when.

        `before` lines lie in front of the chunk, line `unfinished` (or 0) has no end.
        """
        self._work.execute(f"DROP TABLE IF EXISTS {', '.join(TABLES)}")
        self._work.execute(statement("import/table"))
        quick = {"file": chunk.path, "before": before, "regular": self._form.regular}
        self._judge("quick", quick | self._form.quick, unfinished, IRREGULAR)
        self._tally = self._work.query(statement("import/tally")).to_pylist()
        if any(row["verdict"] == "irregular" for row in self._tally):
            self._judge("slow", self._slow, unfinished, MALFORMED_REQUEST)
            self._tally = self._work.query(statement("import/tally")).to_pylist()
        asked = [row for row in self._tally if row["verdict"] == "page"]
        self._decline()
        return Requests(
            sum(row["n"] for row in asked) - self._declined.total(),
            min((row["first"] for row in asked), default=0),
            max((row["last"] for row in asked), default=0),
        )

    def counts(self, lines: int) -> Counter[str]:
        """Return what is settled of a chunk's lines: what was refused, and the assets."""
        counts = self._declined.copy()
        counts["assets"] += lines
        for row in self._tally:
            if row["verdict"] not in ("asset", "irregular"):
                counts["assets"] -= row["n"]
            if row["verdict"] not in ("page", "asset", "irregular"):
                counts[REFUSED + _reason(row)] += row["n"]
        return counts

    def unreadable(self, most: int) -> list[dict[str, Any]]:
        """Return lines that could not be read: number, reason and text."""
        rows = self._work.query(statement("import/unreadable"), unreadable=UNREADABLE, most=most)
        return list(rows.to_pylist())

    def _judge(self, way: str, params: dict[str, Any], unfinished: int, odd_target: int) -> None:
        read = Expression(render(statement(f"import/{way}"), params))
        self._work.execute(
            statement("import/lines"),
            read=read,
            unfinished=unfinished,
            odd_target=odd_target,
            **self._params,
        )

    def _decline(self) -> None:
        """Take out what a person's browser asked for and does not show as a page."""
        rows = self._work.query(statement("import/doubtful"), feed_query=self._feed_query)
        persons = [row for row in rows.to_pylist() if self._person(row["agent_text"])]
        self._declined = Counter()
        for row in persons:
            self._declined[f"{REFUSED}method HEAD" if row["head"] else "assets"] += row["n"]
        self._work.execute(statement("import/persons"))
        if persons:
            hashes = sorted({row["agent_hash"] for row in persons})
            self._work.insert("import_persons", pa.table([hashes], schema=_PERSONS))
        self._work.execute(statement("import/declined"), feed_query=self._feed_query)

    def _person(self, agent: str) -> bool:
        return not self._form.logs("agent") or agents.resolve(agent).kind in PERSONS


def _reason(row: dict[str, Any]) -> str:
    """Return why lines were refused, with the status or method where that is why."""
    if row["verdict"] != "status":
        return f"{row['verdict']} {row['method']}".rstrip()
    kind = "error status" if row["code"] >= 400 else "redirect" if row["code"] >= 300 else "status"
    return f"{kind} {row['code']}"


def _any_of(texts: Iterable[str]) -> str:
    return "|".join(map(re.escape, texts))
