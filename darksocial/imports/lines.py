"""The lines of one chunk, in temporary tables of a scratch session: what each is, and its id."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from darksocial.enrichment import ORIGIN
from darksocial.imports.layout import CELLS, Expression, Format
from darksocial.imports.reading import Chunk
from darksocial.imports.result import REFUSED, UNREADABLE
from darksocial.model import Site
from darksocial.rules import agents, data
from darksocial.store.protocol import Session
from darksocial.store.sql import render, statement

LONGEST_LINE = 8 * 1024 * 1024
EARLIEST = 788_918_400  # 1995: there were no logs of this kind before
FUTURE_SECONDS = 24 * 3600
METHODS = ("POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE", "PROPFIND")
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
    """Reads chunks of one log into `import_lines` and says what they hold.

    `declined` counts the requests that `counts` found to be none for a page.
    """

    def __init__(self, work: Session, site: Site, form: Format, now: int) -> None:
        self._work = work
        self._form = form
        self.declined = 0
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
            "unreadable": (*UNREADABLE, "irregular"),
        }
        self._slow = {
            "pattern": form.pattern,
            "longest": LONGEST_LINE,
            "origin": ORIGIN,
            **{f"{cell}_group": group for cell, group in zip(CELLS, form.groups, strict=True)},
        }

    def read(self, chunk: Chunk, before: int, unfinished: int) -> None:
        """Fill the tables; `before` lines lie in front, line `unfinished` (or 0) has no end."""
        for table in TABLES:
            self._work.execute(f"DROP TABLE IF EXISTS {table}")
        self._work.execute(statement("import/table"))
        quick = {"file": chunk.path, "before": before, "regular": self._form.regular}
        self._judge("quick", quick | self._form.quick, unfinished, "irregular")
        if self._work.query(statement("import/irregular"))["n"][0].as_py():
            self._judge("slow", self._slow, unfinished, "malformed request")
        self._decline()

    def requests(self) -> Requests:
        """Return how many page requests there are, and when."""
        row = self._work.query(statement("import/span")).to_pylist()[0]
        return Requests(row["n"], row["first"], row["last"])

    def counts(self, lines: int) -> Counter[str]:
        """Return what is settled of a chunk's lines: what was refused, and the assets."""
        counts: Counter[str] = Counter()
        others = 0
        for row in self._work.query(statement("import/refused")).to_pylist():
            detail = row["code"] or row["method"] or ""
            counts[f"{REFUSED}{row['reason']} {detail}".rstrip()] += row["n"]
            others += row["n"]
        self.declined = 0
        for row in self._work.query(statement("import/declined_counts")).to_pylist():
            kind = "assets" if row["became"] == "asset" else REFUSED + row["became"]
            counts[kind] += row["n"]
            self.declined += row["n"]
        counts["assets"] += lines - others - self.requests().n
        return counts

    def unreadable(self, most: int) -> list[dict[str, Any]]:
        """Return lines that could not be read: number, reason and text."""
        rows = self._work.query(statement("import/unreadable"), unreadable=UNREADABLE, most=most)
        return list(rows.to_pylist())

    def _judge(self, way: str, params: dict[str, Any], unfinished: int, odd_target: str) -> None:
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
        persons = [row["agent_hash"] for row in rows.to_pylist() if self._person(row["agent_text"])]
        self._work.execute(
            "CREATE TEMPORARY TABLE import_persons (agent_hash UInt64) ENGINE = Memory"
        )
        if persons:
            self._work.insert("import_persons", pa.table([persons], schema=_PERSONS))
        self._work.execute(statement("import/declined"), feed_query=self._feed_query)

    def _person(self, agent: str) -> bool:
        return not self._form.logs("agent") or agents.resolve(agent).kind in PERSONS


def _any_of(texts: Iterable[str]) -> str:
    return "|".join(map(re.escape, texts))
