"""Bursts: what is unusual for a page, what is not, and that it is said once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from literal import drain, hit, new_site
from receiver import Receiver

from darksocial.digest import alerts, telling
from darksocial.digest.recipients import add
from darksocial.digest.unlikely import Count, chance, usual
from darksocial.model import Site
from darksocial.settings import load
from darksocial.store import Store
from darksocial.store.protocol import Session
from darksocial.texts import words_for

HOUR = datetime(2024, 10, 22, 10, tzinfo=timezone.utc)


@pytest.fixture
def session(store: Store) -> Iterator[Session]:
    with store.session() as session:
        yield session


def shares(count: int, hour: str, path: str = "/news", **more: Any) -> list[dict[str, Any]]:
    return [
        hit(f"{hour}:{n % 60:02}:{n // 60:02}", f"sharer {n}", path, kind="share", **more)
        for n in range(count)
    ]


def test_far_more_than_usual_is_noticed(store: Store, session: Session, tmp_path: Path) -> None:
    site = new_site(store)
    usual = [row for day in range(1, 21) for row in shares(3, f"2024-10-{day:02}T09", "/home")]
    drain(
        store, tmp_path, site,
        [*usual, *shares(30, "10", name="WhatsApp"), *shares(9, "10", "/few"),
         *shares(3, "10", "/home")],
    )  # fmt: skip
    found = alerts.bursts(session, site, HOUR)
    assert [(one.kind, one.page, one.application, one.found) for one in found] == [
        ("shares", f"{site.name}/news", "WhatsApp", 30)
    ]


def test_a_page_that_always_has_much_is_usual(
    store: Store, session: Session, tmp_path: Path
) -> None:
    site = new_site(store)
    past = [
        row
        for day in range(1, 22)
        for hour in range(24)
        for row in shares(12, f"2024-10-{day:02}T{hour:02}")
    ]
    drain(store, tmp_path, site, [*past, *shares(20, "10")])
    assert alerts.bursts(session, site, HOUR) == []


def test_it_is_said_once_with_page_application_and_time(
    store: Store, session: Session, tmp_path: Path, receiver: Receiver
) -> None:
    site = new_site(store, timezone="Europe/Berlin")
    add(session, site.name, "ann@example.com", language="de", alerts=True)
    add(session, site.name, "bob@example.com")
    drain(store, tmp_path, site, shares(40, "10", name="WhatsApp"))
    chosen = load(
        {
            "smtp_host": "127.0.0.1",
            "smtp_port": receiver.port,
            "smtp_security": "none",
            "mail_from": "figures@example.com",
        },
        {},
    )
    now = HOUR + timedelta(hours=1, minutes=5)
    assert [one.site for one in telling.notice(session, chosen, now) if one.site == site.name]
    assert [one for one in telling.notice(session, chosen, now) if one.site == site.name] == []
    letters = [letter for letter in receiver.letters if site.name in letter["Subject"]]
    assert [letter["To"] for letter in letters] == ["ann@example.com"]
    said = str(letters[0].get_content())
    assert f"Shares auf {site.name}/news: 40 in der Stunde ab 22. Okt. 2024, 12:00" in (
        " ".join(said.split())
    )
    assert "Anwendung: WhatsApp." in said
    assert f"/?site={site.name}&from=2024-10-22&to=2024-10-22" in said


def test_sentences_are_in_the_sites_time() -> None:
    site = Site("example.com", "K", (), "Europe/Berlin")
    burst = alerts.Burst(site.name, "shares", "example.com/a", "", HOUR, 12, 0.26)
    assert alerts.sentence(burst, site, words_for("en")) == (
        "Shares on example.com/a: 12 in the hour from 22 Oct 2024, 12:00, usually 0.3."
    )


@pytest.mark.parametrize(
    ("pages", "english", "german"),
    [
        (["a"], "on h/a", "auf h/a"),
        (["a", "a"], "on h/a", "auf h/a"),
        (["a", "b", "a"], "on h/a and 1 more page", "auf h/a und 1 weiteren Seite"),
        (["a", "b", "c"], "on h/a and 2 more pages", "auf h/a und 2 weiteren Seiten"),
    ],
)
def test_a_subject_says_how_many_pages_more(pages: list[str], english: str, german: str) -> None:
    told = [alerts.Burst("h", "shares", f"h/{page}", "", HOUR, 12, 0.3) for page in pages]
    site = Site("h", "K", ())
    assert telling.subject(site, told, words_for("en")) == f"h: something unusual {english}"
    assert telling.subject(site, told, words_for("de")) == f"h: Ungewöhnliches {german}"


@pytest.mark.parametrize(
    ("found", "mean", "wanted"),
    [
        (0, 3.0, 1.0),
        (1, 1.0, 0.6321205588),
        (10, 1.0, 1.1142547833e-07),
        (3, 0.0, 0.0),
        (400, 400.0, 0.5066491298),
        (150, 400.0, 1.0),
        (100, 5000.0, 1.0),
        (1, 800.0, 1.0),
    ],
)
def test_the_tail_of_a_poisson_law(found: int, mean: float, wanted: float) -> None:
    assert chance(found, mean) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize(
    ("found", "mean", "dispersion", "wanted"),
    # As scipy.stats.nbinom.sf(found - 1, mean / (dispersion - 1), 1 / dispersion) says.
    [(20, 5.0, 3.0, 0.0048997855), (4, 40.0, 10.0, 0.9987872077), (300, 40.0, 80.0, 0.006164982324),
     (90, 40.0, 3.0, 0.000162816068), (90, 40.0, 1.001, 7.769e-12),
     (25_000, 4000.0, 5000.0, 0.00406)],
)  # fmt: skip
def test_the_tail_of_a_law_that_varies_more(
    found: int, mean: float, dispersion: float, wanted: float
) -> None:
    assert chance(found, mean, dispersion) == pytest.approx(wanted, rel=2e-3)


def test_how_much_more_counts_vary_is_taken_from_them() -> None:
    steady = usual([Count(9), Count(10), Count(11), Count(9)])
    assert (steady.rate, steady.dispersion) == (10.0, 1.0)
    odd = usual([Count(1), Count(1), Count(30), Count(7)])
    assert (odd.rate, odd.dispersion) == (10.0, pytest.approx((81 + 81 + 400 + 9) / 30))
    weeks = usual([Count(69, 7), Count(70, 7)])
    assert (weeks.rate, weeks.burst(Count(20)), weeks.burst(Count(90, 7))) == (10.0, False, False)
    assert (weeks.burst(Count(40)), weeks.drop(Count(5, 7)), weeks.drop(Count(1))) == (
        True, True, False,
    )  # fmt: skip
