"""Letters as a mail server gets them: due once, encrypted, in the reader's language."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from email.message import EmailMessage
from pathlib import Path

import pytest
from literal import drain, hit, new_site
from receiver import Receiver

from darksocial.digest import post
from darksocial.digest.periods import Period
from darksocial.digest.recipients import Recipient, add, recipients, remove
from darksocial.errors import InputError, MailError
from darksocial.model import Site
from darksocial.reclassification import publish_dirty
from darksocial.settings import Settings, load
from darksocial.store import Store
from darksocial.store.protocol import Session

WEEK = Period(date(2024, 10, 21), date(2024, 10, 27))
LATER = datetime.now(timezone.utc) + timedelta(days=15)


@pytest.fixture
def session(embedded_store: Store) -> Iterator[Session]:
    with embedded_store.session() as session:
        yield session


@pytest.fixture
def site(embedded_store: Store) -> Site:
    return new_site(embedded_store)


def settings(receiver: Receiver, **more: object) -> Settings:
    flags = {
        "smtp_host": "127.0.0.1",
        "smtp_port": receiver.port,
        "mail_from": "Figures <figures@example.com>",
        "console_url": "https://console.example.com/",
        "minimum_visitors": 1,
        **more,
    }
    return load(flags, {})


def body(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_a_letter_tells_the_week_in_the_readers_language(
    embedded_store: Store, session: Session, site: Site, receiver: Receiver, tmp_path: Path
) -> None:
    rows = [
        hit("10:00", "ann", "/news"),
        hit("10:01", "bob", "/news", referrer="https://web.whatsapp.com/"),
        hit("2024-10-15T10:00", "eve", "/", referrer="https://web.whatsapp.com/"),
    ]
    drain(embedded_store, tmp_path, site, rows)
    publish_dirty(embedded_store, site.name)
    german = add(session, site.name, "ann@example.com", language="de")
    english = add(session, site.name, "bob@example.com")
    sent, troubles = post.send(
        session,
        [(german, site, WEEK), (english, site, WEEK)],
        settings(receiver),
        receiver.trust,
    )
    assert (sent, troubles) == (2, [])
    first, second = receiver.letters
    assert first["To"] == "ann@example.com"
    assert (
        first["Subject"]
        .strip()
        .startswith(f"{site.name}: 1 Besuch aus Dark Social, 21. Okt. bis 27.")
    )
    assert "Besuche insgesamt: 2, davon 1 aus Dark Social." in body(first, "plain")
    assert "Visits in all: 2, of these 1 from dark social." in body(second, "plain")
    lines = body(first, "plain").splitlines()
    below = lines[lines.index("Besuche aus Dark Social nach Seite") + 1]
    assert below.startswith("  1  ")
    assert "<h1" in body(second, "html")
    assert f"https://console.example.com/?site={site.name}&from=2024-10-21" in body(first, "plain")
    assert receiver.encrypted == [True, True]


def test_a_letter_names_no_small_figure(
    embedded_store: Store, session: Session, site: Site, receiver: Receiver, tmp_path: Path
) -> None:
    whatsapp = "https://web.whatsapp.com/"
    rows = [hit("10:01", "ann", "/rare", referrer=whatsapp)]
    rows += [hit("10:02", f"bob {n}", "/news") for n in range(9)]
    drain(embedded_store, tmp_path, site, rows)
    publish_dirty(embedded_store, site.name)
    german = add(session, site.name, "ann@example.com", language="de")
    english = add(session, site.name, "bob@example.com")
    orders = [(german, site, WEEK), (english, site, WEEK)]
    post.send(session, orders, settings(receiver, minimum_visitors=5), receiver.trust)
    letters = [body(letter, kind) for letter in receiver.letters for kind in ("plain", "html")]
    assert not [text for text in letters if "/rare" in text or "WhatsApp" in text]
    assert all("10" in text for text in letters)  # the visits in all


def test_one_click_ends_it(session: Session, site: Site, receiver: Receiver) -> None:
    one = add(session, site.name, "ann@example.com")
    post.send(session, [(one, site, WEEK)], settings(receiver), receiver.trust)
    (letter,) = receiver.letters
    address = f"https://console.example.com/unsubscribe/{one.token}"
    assert letter["List-Unsubscribe"].strip() == f"<{address}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in body(letter, "plain")
    left = remove(session, one.token)
    assert left is not None
    assert left.email == "ann@example.com"
    assert remove(session, one.token) is None
    assert one.token not in {other.token for other in recipients(session)}


def orders(session: Session, site: Site, now: datetime) -> list[Recipient]:
    return [one for one, place, _ in post.due(session, now) if place == site]


def test_each_period_is_sent_once(session: Session, site: Site, receiver: Receiver) -> None:
    add(session, site.name, "ann@example.com")
    assert orders(session, site, datetime.now(timezone.utc)) == []
    waiting = [due for due in post.due(session, LATER) if due[1] == site]
    assert len(waiting) == 1
    post.send(session, waiting, settings(receiver), receiver.trust)
    assert orders(session, site, LATER) == []
    assert len(orders(session, site, LATER + timedelta(days=7))) == 1


def test_what_the_server_refuses_stays_due_and_stops_no_other(
    session: Session, site: Site, receiver: Receiver
) -> None:
    for name in ("ann", "nobody", "bob"):
        add(session, site.name, f"{name}@example.com")
    receiver.refused.add("nobody@example.com")
    waiting = [due for due in post.due(session, LATER) if due[1] == site]
    sent, troubles = post.send(session, waiting, settings(receiver), receiver.trust)
    assert sent == 2
    assert troubles == ["The mail server refused nobody@example.com: 550 No such user."]
    assert [one.email for one in orders(session, site, LATER)] == ["nobody@example.com"]


@pytest.mark.parametrize("user", ["", "post"])
def test_with_and_without_a_login(
    session: Session, site: Site, receiver: Receiver, user: str
) -> None:
    one = add(session, site.name, "ann@example.com")
    chosen = settings(receiver, smtp_user=user, smtp_password="secret" if user else "")
    assert post.send(session, [(one, site, WEEK)], chosen, receiver.trust) == (1, [])
    assert receiver.users == ([user] if user else [])


def test_a_wrong_password_is_said(session: Session, site: Site, receiver: Receiver) -> None:
    one = add(session, site.name, "ann@example.com")
    chosen = settings(receiver, smtp_user="post", smtp_password="wrong")
    with pytest.raises(MailError, match=f"The mail server 127.0.0.1:{receiver.port} could not"):
        post.send(session, [(one, site, WEEK)], chosen, receiver.trust)
    assert receiver.letters == []


def test_nothing_goes_to_a_server_that_nobody_vouches_for(
    session: Session, site: Site, receiver: Receiver
) -> None:
    one = add(session, site.name, "ann@example.com")
    with pytest.raises(MailError, match="certificate verify failed"):
        post.send(session, [(one, site, WEEK)], settings(receiver), ssl.create_default_context())
    assert receiver.letters == []


def test_nor_in_the_clear_unless_the_owner_says_so(
    session: Session, site: Site, receiver: Receiver
) -> None:
    one = add(session, site.name, "ann@example.com")
    chosen = settings(receiver, smtp_security="none")
    assert post.send(session, [(one, site, WEEK)], chosen) == (1, [])
    assert receiver.encrypted == [False]


@pytest.mark.parametrize(
    "email",
    ["", "ann", "ann@", "@example.com", "ann@example", "a b@example.com",
     "ann@example.com\nBcc: eve@example.com", "ann@example.com, eve@example.com",
     "ann@" + "x" * 250 + ".com"],
)  # fmt: skip
def test_what_is_no_address_is_refused(session: Session, site: Site, email: str) -> None:
    with pytest.raises(InputError, match="is no e-mail address"):
        add(session, site.name, email)


def test_who_orders_twice_gets_one(session: Session, site: Site) -> None:
    first = add(session, site.name, "ann@example.com")
    second = add(session, site.name, "ann@example.com", language="de", alerts=True)
    assert first.token == second.token
    (kept,) = recipients(session, site.name)
    assert (kept.language, kept.alerts) == ("de", True)
