"""Who gets the figures by e-mail: ordered and ended in the console, or with one click."""

from __future__ import annotations

import re
from datetime import datetime, timezone

from flask.testing import FlaskClient
from page import Page

from darksocial.console.lettering import ALERTS
from darksocial.digest import alerts, public_alerts
from darksocial.digest.alerts import Burst
from darksocial.digest.public_alerts import PublicAlert
from darksocial.digest.recipients import add, recipients
from darksocial.model import Site
from darksocial.store import Store

ORIGIN = {"Origin": "http://127.0.0.1:18081"}


def test_an_order_is_made_and_ended(client: FlaskClient, site: Site, embedded_store: Store) -> None:
    sent = {"email": "ann@example.com", "period": "monthly", "language": "de", "alerts": "on"}
    assert client.post("/letters", data=sent, headers=ORIGIN).status_code == 302
    page = Page(client.get("/letters").text)
    assert "ann@example.com" in page.text
    with embedded_store.session() as session:
        (one,) = recipients(session, site.name)
    assert (one.period, one.language, one.alerts) == ("monthly", "de", True)
    client.post("/letters", data={"remove": one.token}, headers=ORIGIN)
    assert "ann@example.com" not in client.get("/letters").text


def test_what_is_no_address_is_said(client: FlaskClient, site: Site) -> None:
    answer = client.post("/letters", data={"email": "ann"}, headers=ORIGIN)
    assert answer.status_code == 400
    assert "is no e-mail address" in Page(answer.text).text


def test_without_a_mail_server_the_page_says_so(client: FlaskClient, site: Site) -> None:
    assert "No mail server is set" in Page(client.get("/letters").text).text


def test_strangers_end_their_own_order_with_one_click(
    stranger: FlaskClient, site: Site, embedded_store: Store
) -> None:
    with embedded_store.session() as session:
        one = add(session, site.name, "ann@example.com", language="de")
    asked = stranger.get(f"/unsubscribe/{one.token}")
    assert (asked.status_code, "Keine Briefe mehr?" in Page(asked.text).text) == (200, True)
    with embedded_store.session() as session:
        assert len(recipients(session, site.name)) == 1
    # As a mail program does it: no cookie, no Origin (RFC 8058).
    body = {"List-Unsubscribe": "One-Click"}
    left = stranger.post(f"/unsubscribe/{one.token}", data=body)
    assert (left.status_code, "Erledigt" in Page(left.text).text) == (200, True)
    with embedded_store.session() as session:
        assert recipients(session, site.name) == []
    assert stranger.post(f"/unsubscribe/{one.token}", data=body).status_code == 404


def test_what_was_unusual_is_listed_in_words(
    client: FlaskClient, site: Site, embedded_store: Store
) -> None:
    now = datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)
    page = f"{site.name}/a"
    with embedded_store.session() as session:
        burst = Burst(site.name, "shares", page, "WhatsApp", now, 40, 0.2)
        alerts.keep(session, [burst], now)
        few = PublicAlert(
            site.name, page, "Facebook", now.date(), now.date(), "bad", "comments",
            90, 2.1, 3, 90, 1,
        )  # fmt: skip
        public_alerts.keep(session, [few], now)
    said = Page(client.get("/letters?lang=de").text).text
    assert f"Shares auf {page}: 40 in der Stunde ab" in said
    assert f"Kommentare zu {page} auf Facebook: 90 am" in said
    assert "Vielleicht schlecht" in said


def test_many_alerts_are_shown_in_pages(
    client: FlaskClient, site: Site, embedded_store: Store
) -> None:
    now = datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)
    bursts = [
        Burst(site.name, "visits", f"{site.name}/many/{n}", "", now, 1000 - n, 0.2)
        for n in range(ALERTS + 1)
    ]
    with embedded_store.session() as session:
        alerts.keep(session, bursts, now)
    pages = [client.get(f"/letters?after={after}").text for after in (0, ALERTS)]
    first, second = (set(map(int, re.findall(r"/many/(\d+):", page))) for page in pages)
    assert (first | second, first & second) == (set(range(ALERTS + 1)), set())
    assert len(first) <= ALERTS
    assert ["Further alerts" in page for page in pages] == [True, False]
    for odd in ("x", "-1", "", "٣", str(1 << 64), "9" * 5000):
        assert "is no place in this list" in client.get(f"/letters?after={odd}").text


def test_privacy_texts_are_shown(client: FlaskClient, site: Site) -> None:
    for kind in ("privacy", "cnil", "record"):
        page = Page(client.get(f"/privacy?kind={kind}&lang=de").text)
        assert re.search(r"## \w+", page.text)
    assert "Mit Ihrer Einwilligung" in Page(client.get("/privacy?consent=on").text).text
