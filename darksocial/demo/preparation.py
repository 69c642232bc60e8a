"""What has to be there before the demo site answers: its site, its links, its example data."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask

from darksocial import reclassification, registry
from darksocial.demo import crowd, traffic
from darksocial.demo.crowd import Promoted
from darksocial.demo.site import create_app
from darksocial.drain import drain_once
from darksocial.model import EXAMPLE_SOURCE, Hit, Link, Site
from darksocial.settings import Settings, web_address
from darksocial.spool import record
from darksocial.spool.segment import Writer
from darksocial.store.protocol import Session, Store
from darksocial.store.sql import statement

SITE = "demo.example"
ZONE = "Europe/Berlin"
DAYS = 14
UNTIL = "example_until"  # the name under which the end of the example data is remembered
REMOVED = 0  # there instead of a time, where the example data was taken out
HOST = "127.0.0.1"


def prepare(store: Store, settings: Settings) -> Flask:
    """Return the demo site, ready to be served on `settings.demo_port`.

    The first time this enters the example data through the spool and publishes it.
    """
    base = web_address(HOST, settings.demo_port)
    with store.session() as session:
        site = add_site(session, settings.demo_port)
        # The links are part of the example data: they go and come back with it.
        links = [] if _is_removed(session) else add_links(session, base)
        registry.write_snapshot(session, settings.snapshot)
        stage = traffic.Stage(site, base, {link.label: link.code for link in links})
        missing = _missing(session, stage)
    if missing:
        enter(missing, settings)
        _publish(store, settings)
    return create_app(settings, site, links)


def bring(session: Session, settings: Settings) -> int:
    """Enter the example data, also where it was taken out; return how many hits were written.

    Who drains the spool stores and publishes them.
    """
    base = web_address(HOST, settings.demo_port)
    site = add_site(session, settings.demo_port)
    links = add_links(session, base)
    registry.write_snapshot(session, settings.snapshot)
    if _is_removed(session):
        _remember(session, int(time.time()))
    stage = traffic.Stage(site, base, {link.label: link.code for link in links})
    missing = _missing(session, stage)
    if missing:
        enter(missing, settings)
    return len(missing)


def add_site(session: Session, port: int) -> Site:
    """Add the demo site, or a further port to it."""
    hosts = (f"{HOST}:{port}", f"localhost:{port}")
    return registry.add_site(session, SITE, hosts, ZONE)


def add_links(session: Session, base: str) -> list[Link]:
    """Add the demo's managed links; those that are there lead to `base` from now on.

    One that was removed comes back with the code that it had.
    """
    known = {link.label: link for link in registry.links(session, SITE)}
    former = {link.label: link for link in registry.links(session, SITE, removed=True)}
    for label in ({one.label for one in crowd.PROMOTED} & set(former)) - set(known):
        known[label] = replace(former[label], expires=0, disabled=False)
        registry.put_link(session, known[label])
    return [_link(session, known.get(one.label), one, base) for one in crowd.PROMOTED]


def enter(hits: Iterable[Hit], settings: Settings) -> None:
    """Append hits to the spool, as the tracker does."""
    writer = Writer(settings.spool, settings.spool_sync)
    writer.append(b"".join(record.encode(_fields(hit)) for hit in hits))
    writer.close()


def _link(session: Session, known: Link | None, promoted: Promoted, base: str) -> Link:
    destination = base + promoted.path
    if known is None:
        return registry.add_link(session, destination, promoted.kind, promoted.label)
    moved = replace(known, destination=destination, kind=promoted.kind)
    if moved != known:
        registry.put_link(session, moved)
    return moved


def _missing(session: Session, stage: traffic.Stage) -> list[Hit]:
    """Return the example hits, or nothing where they are in the store or were taken out."""
    if is_entered(session):
        return []
    if _is_removed(session):
        return []
    until = _until(session)
    zone = ZoneInfo(stage.site.timezone)
    midnight = datetime.fromtimestamp(until, zone).replace(hour=0, minute=0, second=0)
    return traffic.hits(stage, (midnight - timedelta(days=DAYS)).timestamp(), until)


def is_entered(session: Session) -> bool:
    """Return whether the store holds example data."""
    rows = session.query(statement("demo/entered"), site=SITE, source=EXAMPLE_SOURCE)
    return bool(rows["n"][0].as_py())


def _until(session: Session) -> int:
    """Return where the example data ends: where an entry that was broken off had it end, or now."""
    kept = _kept_until(session)
    if kept is None:
        kept = int(time.time())
        _remember(session, kept)
    return kept


def _is_removed(session: Session) -> bool:
    return _kept_until(session) == REMOVED


def _kept_until(session: Session) -> int | None:
    kept = session.query(statement("meta/get"), name=UNTIL)["value"].to_pylist()
    return int(kept[0]) if kept else None


def _remember(session: Session, until: int) -> None:
    session.execute(statement("meta/put"), name=UNTIL, value=str(until), version=time.time_ns())


def _publish(store: Store, settings: Settings) -> None:
    """Store and publish what was entered, so that the console has figures when it opens."""
    while drain_once(store, settings.spool, settings.rejects).segments:
        pass
    reclassification.publish_dirty(store, SITE)


def _fields(hit: Hit) -> dict[str, Any]:
    return {name: value for name in record.FIELDS if (value := getattr(hit, name))}
