"""The same hits give the same rows on every engine, column by column."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from engines import ClickHouseServer, behind_console
from literal import published, records, seal
from test_evidence import CASES, filled_rows
from test_visits import VISITS

from darksocial import registry, reports
from darksocial.drain import drain_once
from darksocial.model import Site
from darksocial.spool.record import encode
from darksocial.store import Store, open_embedded, open_store
from darksocial.store.sql import statement

ENGINES = ("chdb", "remote", "server")


@contextmanager
def opened(engine: str, home: Path, server: ClickHouseServer) -> Iterator[Store]:
    if engine == "server":
        with open_store(server.url("agreement")) as store:
            yield store
        return
    with open_embedded(f"chdb://{home}") as store:
        if engine == "chdb":
            yield store
        else:
            with behind_console(store) as remote:
                yield remote


def lines(store: Store) -> tuple[Site, list[bytes]]:
    """The hits of all literal cases, for sites that are the same everywhere."""
    with store.session() as session:
        session.execute(statement("meta/put"), name="link_secret", value="same", version=1)
        site = registry.add_site(session, "same.example", key="0123456789abcdef")
        other = registry.add_site(session, "other.example", key="fedcba9876543210")
        links = {
            kind: registry.add_link(session, f"https://{site.name}/a", kind, kind).code
            for kind in ("campaign", "newsletter", "person", "qr")
        }
        links["elsewhere"] = registry.add_link(session, f"https://{other.name}/").code
    rows = filled_rows(site, links)
    rows += [row | {"who": f"{row['who']} of {case}"} for case in VISITS for row in VISITS[case][0]]
    return site, [encode(record) for record in records(site, rows)]


@pytest.mark.server
def test_visits_and_reports_are_equal(
    tmp_path: Path, clickhouse_server: ClickHouseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry.secrets, "randbelow", lambda below: 0)  # the same codes
    results: dict[str, Any] = {}
    texts: list[bytes] = []
    for engine in ENGINES:
        home = tmp_path / engine
        with opened(engine, home / "store", clickhouse_server) as store:
            site, now = lines(store)
            texts = texts or now  # tokens are minted by the clock
            seal(home / "spool", texts)
            drain_once(store, home / "spool", home / "rejects")
            rows = sorted(published(store, site, "*"), key=str)  # some share an id and a time
            with store.session() as session:
                told = [
                    reports.as_dict(reports.run(session, name, site)) for name in reports.REPORTS
                ]
        results[engine] = rows, told
    assert len(results["chdb"][0]) > len(CASES)
    assert results["chdb"] == results["remote"]
    assert results["chdb"] == results["server"]
