"""Taking the example data out again; what really happened on the demo site stays."""

from __future__ import annotations

import time

from darksocial import reclassification, registry
from darksocial.demo import crowd
from darksocial.demo.preparation import REMOVED, SITE, UNTIL
from darksocial.imports.removal import remove_source
from darksocial.model import EXAMPLE_SOURCE
from darksocial.store.protocol import Session, Store
from darksocial.store.sql import statement


def remove(store: Store) -> None:
    """Delete the example data with its links, and publish its days anew.

    It comes back by `bring` alone, not by the next start of the demo site.

    Raises `UnknownSite` where there is no demo site. May be interrupted and repeated.
    """
    with store.session() as session:
        take_out(session)
    reclassification.publish_dirty(store, SITE)


def take_out(session: Session) -> None:
    """Delete the example data with its links, and mark its days for who publishes them.

    Raises `UnknownSite` where there is no demo site. May be interrupted and repeated.
    """
    site = registry.site(session, SITE)
    session.execute(statement("meta/put"), name=UNTIL, value=str(REMOVED), version=time.time_ns())
    remove_links(session)
    remove_source(session, site, EXAMPLE_SOURCE)
    reclassification.touch_all(session, site)


def remove_links(session: Session) -> None:
    """Remove the demo's managed links; others that lead to its site stay."""
    labels = {one.label for one in crowd.PROMOTED}
    for link in registry.links(session, SITE):
        if link.label in labels:
            registry.put_link(session, link, deleted=True)


def remove_site(session: Session) -> None:
    """Remove the demo site where nothing but example data ever happened on it."""
    others = session.query(statement("demo/others"), site=SITE, source=EXAMPLE_SOURCE)
    if SITE in registry.sites(session) and not others["n"][0].as_py():
        registry.remove_site(session, SITE)
