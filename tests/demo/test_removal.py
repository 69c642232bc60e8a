"""The example data can be taken out again, and what really happened stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from literal import drain, hit, token

from darksocial import registry, reports
from darksocial.demo import prepare, remove, remove_site
from darksocial.demo.preparation import SITE
from darksocial.errors import UnknownSite
from darksocial.reclassification import publish_dirty
from darksocial.settings import load
from darksocial.store import Store


def test_only_the_example_data_goes_and_does_not_come_back(
    embedded_store: Store, tmp_path: Path
) -> None:
    with pytest.raises(UnknownSite):
        remove(embedded_store)
    settings = load({"home": str(tmp_path), "demo_port": 18082}, {})
    prepare(embedded_store, settings)
    with embedded_store.session() as session:
        site = registry.site(session, SITE)
    shared = token(site)
    drain(
        embedded_store,
        tmp_path,
        site,
        [
            hit("10:00", "ann", "/story", kind="share", token=shared, method="copy"),
            hit("10:05", "ben", f"/story?ds={shared}", token=shared),
        ],
    )
    publish_dirty(embedded_store, SITE)

    def figures() -> tuple[int, ...]:
        with embedded_store.session() as session:
            found = reports.run(session, "overview", site).summary
            kept = session.query("SELECT count() AS n FROM shares WHERE site = %(s)s", s=SITE)
        names = ("visits", "example_visits", "shares", "previews", "bots", "dark_social")
        return *(found[name] for name in names), kept["n"][0].as_py()

    before = figures()
    assert before[0] == before[1] + 1 > 3_000
    for _ in range(2):
        remove(embedded_store)
        assert figures() == (1, 0, 1, 0, 0, 1, 1)
    prepare(embedded_store, settings)
    assert figures() == (1, 0, 1, 0, 0, 1, 1)
    with embedded_store.session() as session:
        assert registry.links(session, SITE) == []
        remove_site(session)
        assert SITE in registry.sites(session)  # something else happened there
