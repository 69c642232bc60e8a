"""Taking the example data out again; what really happened on the demo site stays."""

from __future__ import annotations

import time

from darksocial import reclassification, registry
from darksocial.demo.preparation import REMOVED, SITE, UNTIL
from darksocial.imports.removal import remove_source
from darksocial.model import EXAMPLE_SOURCE
from darksocial.store.protocol import Store
from darksocial.store.sql import statement


def remove(store: Store) -> None:
    """Delete the example data and publish its days anew; it is not entered again.

    Raises `UnknownSite` where there is no demo site. May be interrupted and repeated.
    """
    with store.session() as session:
        site = registry.site(session, SITE)
        session.execute(
            statement("meta/put"), name=UNTIL, value=str(REMOVED), version=time.time_ns()
        )
        remove_source(session, site, EXAMPLE_SOURCE)
        reclassification.touch_all(session, site)
    reclassification.publish_dirty(store, SITE)
