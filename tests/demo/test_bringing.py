"""The example data comes back on demand, and its site goes where nothing else happened on it."""

from __future__ import annotations

from pathlib import Path

from darksocial import registry
from darksocial.demo import SITE, bring, is_entered, remove, remove_site
from darksocial.drain import drain_once
from darksocial.settings import load
from darksocial.store import Store


def test_it_comes_back_on_demand_with_the_same_codes(embedded_store: Store, tmp_path: Path) -> None:
    settings = load({"home": str(tmp_path), "demo_port": 18082}, {})

    def entered() -> bool:
        with embedded_store.session() as session:
            bring(session, settings)
            codes.append({link.code for link in registry.links(session, SITE)})
        drain_once(embedded_store, settings.spool, settings.rejects)
        with embedded_store.session() as session:
            return is_entered(session)

    codes: list[set[str]] = []
    assert entered()
    remove(embedded_store)
    assert entered()
    assert codes[0] == codes[1] != set()
    with embedded_store.session() as session:
        assert bring(session, settings) == 0  # it is there already
    remove(embedded_store)


def test_a_site_without_anything_else_goes_too(embedded_store: Store) -> None:
    with embedded_store.session() as session:
        session.execute("TRUNCATE TABLE hits")
        registry.add_site(session, SITE)
        remove_site(session)
        assert SITE not in registry.sites(session)
        remove_site(session)  # twice is no error
