"""Days that are computed together are as each of them alone."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from literal import drain, hit, new_site, token, visits

from darksocial import reclassification
from darksocial.model import Site
from darksocial.reclassification import publish_dirty, touch_all
from darksocial.store import Store

pytestmark = pytest.mark.engines

ZONE = "Asia/Kathmandu"
TODAY = datetime.combine(datetime.now(ZoneInfo(ZONE)).date(), datetime.min.time(), ZoneInfo(ZONE))
MIDNIGHTS = [TODAY - timedelta(days=days) for days in (9, 8, 7, 6)]
FACTS = "repeated, conversions, evidence = 'preview', channel = 'internal'"
FIGURES = "day, page_views, visits, shares, previews, bots"


def test_a_lot_of_days_is_as_each_day_alone(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = new_site(store, timezone=ZONE)
    rows = [row | {"id": number} for number, row in enumerate(rows_of(site), start=1)]
    drain(store, tmp_path, site, rows)
    drain(store, tmp_path, site, rows[::3])  # some are recorded again

    monkeypatch.setattr(reclassification, "DAYS_AT_ONCE", 1)
    publish_dirty(store, site.name)
    alone = outcome(store, site)
    monkeypatch.undo()
    with store.session() as session:
        touch_all(session, site)
    assert publish_dirty(store, site.name) == 5
    assert outcome(store, site) == alone

    with store.session() as session:
        facts = visits(session, site, FACTS)
    assert len(facts) == 20
    assert [sum(fact) for fact in zip(*facts, strict=True)] == [4, 8, 8, 4]


def outcome(store: Store, site: Site) -> Any:
    """The visits, and what is noted of their days."""
    with store.session() as session:
        figures = session.query(
            f"SELECT {FIGURES} FROM days WHERE site = %(site)s ORDER BY day, published DESC"
            " LIMIT 1 BY day",
            site=site.name,
        )
        return visits(session, site, "*"), figures.to_pylist()


def rows_of(site: Site) -> list[dict[str, Any]]:
    """Return what the same few visitors did around each midnight."""
    hours = int((datetime.now(timezone.utc) - MIDNIGHTS[0]).total_seconds() // 3600)
    link = f"/a?ds={token(site, hours_ago=hours + 4)}"
    preview = {"user_agent": "WhatsApp/2.23.20.0 A", "kind": "preview"}
    rows = []
    for midnight in MIDNIGHTS:

        def at(minutes: int, since: datetime = midnight) -> str:
            return (since + timedelta(minutes=minutes)).isoformat()

        rows += [
            hit(at(-70), "bot", link, **preview),
            hit(at(-60), "ann", link),
            hit(at(-50), "ann", link),
            *(hit(at(m), "ann", "/b", page="/a") for m in range(-30, 181, 20)),
            hit(at(-5), "bob", "/c"),
            hit(at(10), "bob", kind="conversion", name="order", value=1.0, currency="EUR"),
            hit(at(15), "bob", kind="interaction", name="play"),
            hit(at(20), "bob", "/d", page="/c"),
            hit(at(30), "bob", kind="conversion", name="order", value=2.0, currency="EUR"),
            hit(at(5), "cid", "/e"),
            hit(at(60), "cid", kind="engagement", name="50", value=30.0),
            hit(at(5), "ann", kind="share", token=f"t{midnight:%d}", method="copy"),
        ]
    return rows
