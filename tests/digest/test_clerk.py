"""The thread that sends letters and alerts: when it looks, and what it does when mail fails."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

import pytest
from aiosmtpd.controller import Controller
from engines import free_port
from literal import new_site
from receiver import Receiver

from darksocial import public_figures
from darksocial.digest.clerk import Clerk
from darksocial.digest.recipients import add
from darksocial.model import Site
from darksocial.settings import Settings, load
from darksocial.store import Store

NOW = datetime.now(timezone.utc).replace(minute=5, second=0, microsecond=0)
MINUTES = timedelta(minutes=5)
HOUR = timedelta(hours=1)


def settings(port: int) -> Settings:
    flags = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
    return load({**flags, "mail_from": "figures@example.com"}, {})


def enter(store: Store, site: Site, page: str) -> None:
    """Enter figures of a page that got much yesterday, as never before."""
    lines = ["network,day,page,likes,post"]
    for day in range(1, 30):
        likes = 300 if day == 1 else 10
        when = (NOW - timedelta(days=day)).date()
        lines.append(f"X,{when},https://{site.name}{page},{likes},{page}")
    with store.session() as session:
        public_figures.from_csv(session, "\n".join(lines), site)


@pytest.fixture
def site(embedded_store: Store) -> Site:
    """A site with a reader who wants alerts, and something unusual."""
    site = new_site(embedded_store)
    with embedded_store.session() as session:
        add(session, site.name, "ann@example.com", alerts=True)
    enter(embedded_store, site, "/a")
    return site


def told(receiver: Receiver, site: Site) -> list[str]:
    """Return the pages that letters about a site were about."""
    subjects = (str(letter["Subject"]) for letter in receiver.letters)
    return [one.rpartition("/")[2] for one in subjects if one.startswith(f"{site.name}: something")]


def test_it_looks_once_an_hour(embedded_store: Store, site: Site, receiver: Receiver) -> None:
    clerk = Clerk(embedded_store, settings(receiver.port))
    clerk.step(NOW)
    clerk.step(NOW + MINUTES)
    assert told(receiver, site) == ["a"]
    enter(embedded_store, site, "/b")
    clerk.step(NOW + 2 * MINUTES)
    assert told(receiver, site) == ["a"]
    clerk.step(NOW + HOUR)
    assert told(receiver, site) == ["a", "b"]


@contextmanager
def listening(receiver: Receiver, port: int) -> Iterator[None]:
    controller = Controller(receiver, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def test_a_mail_server_that_is_down_is_said_once_and_loses_nothing(
    embedded_store: Store, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    receiver, port = Receiver(), free_port()
    clerk = Clerk(embedded_store, settings(port))
    with caplog.at_level(logging.WARNING, "darksocial.digest"):
        clerk.step(NOW)
        clerk.step(NOW + MINUTES)
    (said,) = [record.getMessage() for record in caplog.records]
    assert said.startswith(f"Letters wait: The mail server 127.0.0.1:{port} could not be used")
    with listening(receiver, port):
        clerk.step(NOW + 2 * MINUTES)
    assert told(receiver, site) == ["a"]


def test_it_ends_when_it_is_told_to(embedded_store: Store, receiver: Receiver) -> None:
    stop = threading.Event()
    thread = threading.Thread(
        target=Clerk(embedded_store, settings(receiver.port)).run, args=[stop]
    )
    thread.start()
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
