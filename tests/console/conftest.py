"""A console over an embedded store, asked as the person who started it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from literal import drain

from darksocial import registry
from darksocial.console.app import create_app
from darksocial.console.recent import Recent
from darksocial.model import Site
from darksocial.reclassification import publish_dirty
from darksocial.settings import load
from darksocial.store import Store

SECRET = "the-secret-of-the-lock-file"
HOST = "127.0.0.1:18081"
_numbers = itertools.count(1)

Fill = Callable[..., None]


@pytest.fixture(scope="module")
def console(embedded_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    home = str(tmp_path_factory.mktemp("console"))
    settings = load({"tracker_url": "https://t.example", "home": home}, {})
    app = create_app(embedded_store, settings, SECRET, frozenset({HOST}))
    app.test_client_class = Browser
    app.extensions["recent"] = Recent(lambda: 0.0)  # nothing is slow by a clock that stands still
    yield app
    app.extensions["sessions"].end_all()


class Browser(FlaskClient):
    """A client that asks the console under its own host name."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        return super().open(*args, base_url=f"http://{HOST}", buffered=True, **kwargs)


@pytest.fixture
def stranger(console: Flask) -> FlaskClient:
    """A client without any secret."""
    return console.test_client()


@pytest.fixture
def client(console: Flask) -> FlaskClient:
    """A client that sends the secret with every request."""
    client = console.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {SECRET}"
    return client


@pytest.fixture(scope="module")
def fill(embedded_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Fill:
    """Send literal hits of a site through spool and drain, and publish their days."""
    home = tmp_path_factory.mktemp("home")

    def send(site: Site, *rows: Mapping[str, Any]) -> None:
        drain(embedded_store, home, site, rows)
        publish_dirty(embedded_store, site.name)

    return send


@pytest.fixture(scope="module")
def kept_site(embedded_store: Store) -> Iterator[Site]:
    """A site for a module whose tests only read: it is filled once."""
    yield from _added(embedded_store)


@pytest.fixture
def site(embedded_store: Store) -> Iterator[Site]:
    """A site that is the only one there is while the test runs."""
    yield from _added(embedded_store)


def _added(store: Store) -> Iterator[Site]:
    with store.session() as session:
        added = registry.add_site(session, f"magazine-{next(_numbers)}.example")
    yield added
    with store.session() as session:
        registry.remove_site(session, added.name)
