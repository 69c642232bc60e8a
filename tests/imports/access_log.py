"""Logs as text, and an importer that looks at what the store has then."""

from __future__ import annotations

import gzip
import itertools
from pathlib import Path
from typing import Any

from darksocial import registry
from darksocial.imports import ImportResult, import_log
from darksocial.model import Site
from darksocial.store import Store

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
SLACK = "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"
FEEDLY = "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 5 subscribers)"
_numbers = itertools.count(1)


def line(
    request: str = "GET /page HTTP/1.1",
    *,
    address: str = "192.0.2.1",
    at: str = "17/May/2025:10:05:03 +0000",
    status: object = 200,
    referrer: str = "-",
    agent: str = BROWSER,
) -> str:
    """Return a line of the combined format."""
    return f'{address} - - [{at}] "{request}" {status} 512 "{referrer}" "{agent}"\n'


def lines(count: int, second: int = 0) -> str:
    """Return lines of page views, one a second, that differ."""
    moments = (divmod(number + second, 60) for number in range(count))
    return "".join(
        line(
            f"GET /page/{minute}/{rest} HTTP/1.1", at=f"17/May/2025:10:{minute:02}:{rest:02} +0000"
        )
        for minute, rest in moments
    )


class Importer:
    """Imports texts into a site of its own, and looks at what the store has then."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.folder = folder
        self.rejects = folder / "rejects"
        self.progress: list[Any] = []
        with store.session() as session:
            self.site: Site = registry.add_site(session, f"log-{next(_numbers)}.example")

    def __call__(
        self, content: str | bytes, name: str = "access.log", **options: Any
    ) -> ImportResult:
        """Write a file (compressed where its name says so) and import it."""
        data = content.encode() if isinstance(content, str) else content
        path = self.folder / name
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return self.file(path, **options)

    def file(self, path: Path | str, **options: Any) -> ImportResult:
        return import_log(
            self.store,
            self.site,
            str(path),
            rejects=self.rejects,
            progress=self.progress.append,
            **options,
        )

    def rows(self, columns: str, order: str = "ts, path, id") -> list[dict[str, Any]]:
        """Return the hits of the site."""
        sql = f"SELECT {columns} FROM hits WHERE site = %(site)s ORDER BY {order}"
        with self.store.session() as session:
            return list(session.query(sql, site=self.site.name).to_pylist())

    def ids(self) -> list[int]:
        return [row["id"] for row in self.rows("id")]
