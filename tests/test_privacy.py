"""Privacy as requirements: what may stand in the store and on the disk, and for how long."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from literal import drain, hit, new_site, seal

from darksocial import reclassification, registry
from darksocial.drain import drain_once
from darksocial.settings import load
from darksocial.spool.record import encode
from darksocial.spool.segment import Writer
from darksocial.spool.visitor import DailySalt, visitor_hash
from darksocial.store import Lock, Owner, Store
from darksocial.store.protocol import Session

TELEGRAM = "TelegramBot (like TwitterBot)"
CURL = "curl/8.5.0"
# What must not be found anywhere in the store; each stands in one of the hits below.
SECRETS = (
    "ann.smith",
    "mail.example",
    "203.0.113.77",
    "2001:db8:",
    "deadbeefcafe0123456789abcdef",
    "eyJhbGciOiJIUzI1NiJ9",
    "geheim",
    "patient-4711",
    "s3cr3t",
    "sessionid",
)
RESET = "deadbeefcafe0123456789abcdef"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJlMTIzNDU2"
# Path and query, and what came with it.
DOORS: list[tuple[str, dict[str, Any]]] = [
    ("/reset/" + RESET, {}),
    ("/reset?token=" + RESET, {}),
    ("/login/" + JWT, {}),
    ("/u/ann.smith@mail.example/posts", {}),
    ("/u/ann.smith%40mail.example/posts", {}),
    ("/news?email=ann.smith@mail.example&q=patient-4711", {}),
    ("/news#access_token=s3cr3t", {}),
    ("/news;jsessionid=sessionid", {}),
    ("/news?utm_source=ann.smith@mail.example&utm_medium=ann.smith%40mail.example", {}),
    ("/news?utm_campaign=for-ann.smith%40mail.example", {}),
    ("/news?ds=ann.smith@mail.example", {}),
    ("/news", {"token": "ann.smith@mail.example"}),
    ("/news", {"referrer": "https://mail.other.example/inbox?to=ann.smith@mail.example"}),
    ("/news", {"referrer": "https://ann.smith:geheim@other.example/x"}),
    ("/news", {"referrer": "https://other.example/u/ann.smith@mail.example"}),
    ("/news", {"referrer": "https://other.example/reset/" + RESET}),
    ("/news", {"referrer": "https://other.example/?q=patient-4711"}),
    ("/news", {"referrer": "ann.smith@mail.example"}),
    ("/news", {"user_agent": CURL + " ann.smith@mail.example"}),
    ("/news", {"user_agent": TELEGRAM, "network": "203.0.113.77"}),
    ("/news", {"kind": "share", "token": "ann.smith@mail.example", "method": "copy"}),
    ("/news", {"kind": "share", "parent": "ann.smith@mail.example", "method": "copy"}),
    ("/news", {"kind": "interaction", "name": "ann.smith@mail.example"}),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def everything(session: Session) -> list[tuple[str, str]]:
    """Return every value of every table as text, with table and column."""
    tables = session.query(
        "SELECT name FROM system.tables WHERE database = currentDatabase() "
        "AND engine != 'MaterializedView'"
    )["name"].to_pylist()
    found = []
    for table in tables:
        for row in session.query(f"SELECT * FROM {table}").to_pylist():
            found += [(f"{table}.{column}", str(value)) for column, value in row.items()]
    return found


def test_nothing_personal_that_an_address_may_carry_reaches_the_store(
    store: Store, home: Path
) -> None:
    site = new_site(store)
    rows = [hit(f"10:00:{n:02}", f"v{n}", path, **more) for n, (path, more) in enumerate(DOORS)]
    assert drain(store, home, site, rows).hits == len(DOORS)
    reclassification.publish_dirty(store, site.name)
    with store.session() as session:
        assert session.query("SELECT count() AS n FROM visits")["n"][0].as_py() > 0
        cells = everything(session)
    leaks = [(place, text) for place, text in cells for secret in SECRETS if secret in text]
    assert leaks == []


def test_query_strings_are_not_stored(store: Store, home: Path) -> None:
    site = new_site(store)
    drain(store, home, site, [hit("10:00:00", "q", "/a?strange=value1&other=value2#value3")])
    with store.session() as session:
        cells = [text for _, text in everything(session)]
    assert not [text for text in cells if "value1" in text or "value3" in text or "?" in text]


def test_a_preview_or_a_bot_is_stored_without_any_identifier(store: Store, home: Path) -> None:
    site = new_site(store)
    agents = (TELEGRAM, CURL, "Googlebot/2.1 (+http://www.google.com/bot.html)")
    rows = [
        hit(f"10:00:0{n}", "someone", user_agent=agent, network="203.0.0.0/16")
        for n, agent in enumerate(agents)
    ]
    drain(store, home, site, [*rows, hit("11:00:00", "someone", network="203.0.0.0/16")])
    with store.session() as session:
        found = session.query(
            "SELECT agent_kind, visitor != 0 AS known, network FROM hits WHERE site = %(site)s"
            " ORDER BY ts",
            site=site.name,
        ).to_pylist()
    assert [tuple(row.values()) for row in found] == [
        ("preview", 0, ""),
        ("bot", 0, ""),
        ("bot", 0, ""),
        ("browser", 1, "203.0.0.0/16"),
    ]


def test_only_the_owner_may_read_what_lies_on_the_disk(tmp_path: Path) -> None:
    home = tmp_path / "home"
    settings = load({"home": str(home)}, {})
    lock = Lock(settings.lock)
    lock.take(Owner(1, "test", "http://127.0.0.1:1", "secret"))
    DailySalt(settings.salt).get()
    Writer(settings.spool).append(encode({"id": 1}))
    lock.release()
    segments = list(settings.spool.glob("*.open"))
    assert segments
    for path in (home, settings.spool):
        assert path.stat().st_mode & 0o777 == 0o700, path
    for path in (settings.salt, settings.lock, *segments):
        assert path.stat().st_mode & 0o777 == 0o600, path


def test_rejects_are_for_the_owner_alone(store: Store, tmp_path: Path) -> None:
    seal(tmp_path / "spool", [b"00000000 {torn\n"])
    assert drain_once(store, tmp_path / "spool", tmp_path / "rejects").rejects == 1
    (kept,) = (tmp_path / "rejects").iterdir()
    assert (tmp_path / "rejects").stat().st_mode & 0o777 == 0o700
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_visitor_has_another_hash_on_another_site_and_under_another_salt() -> None:
    hashes = {
        visitor_hash(salt, "203.0.113.77", "Firefox", site)
        for salt in (b"a" * 32, b"b" * 32)
        for site in ("one.example", "two.example")
    }
    assert len(hashes) == 4


def test_a_removed_site_s_hits_are_still_cleaned(store: Store, home: Path) -> None:
    site = new_site(store)
    with store.session() as session:
        registry.remove_site(session, site.name)
    drain(store, home, site, [hit("10:00:00", "r", "/u/ann.smith@mail.example?q=patient-4711")])
    with store.session() as session:
        cells = [text for _, text in everything(session)]
    assert not [text for text in cells for secret in SECRETS if secret in text]
