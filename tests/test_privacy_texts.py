"""Notices follow the settings in force, in each language; erasing leaves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from literal import DAY, drain, hit, new_site, visitor

from darksocial import erasure, notices, registry, reports
from darksocial.errors import InputError
from darksocial.model import Site, TokenParts
from darksocial.reclassification import publish_dirty
from darksocial.rules import tokens
from darksocial.settings import load
from darksocial.store import Store
from darksocial.store.protocol import Session
from darksocial.texts import LANGUAGES

SITE = Site("magazine.example", "KEY", ("magazine.example",))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", notices.NOTICES)
def test_notices_name_the_site_and_the_retention(kind: str, language: str) -> None:
    settings = load({"retention_months": 9, "tracker_url": "https://t.example"}, {})
    text = notices.notice(kind, SITE, settings, language)
    assert text.startswith("## ")
    assert " 9 " in text
    assert "%(" not in text
    assert "{{" not in text


@pytest.mark.parametrize(
    ("practice", "said", "silent"),
    [
        (notices.Practice(), "nichts gespeichert", "Mit Ihrer Einwilligung"),
        (notices.Practice(consent=True), "Mit Ihrer Einwilligung", "nichts gespeichert"),
        (notices.Practice(survey=True), "Eine Frage", "Mit Ihrer Einwilligung"),
    ],
)
def test_the_privacy_text_follows_the_practice(
    practice: notices.Practice, said: str, silent: str
) -> None:
    text = notices.notice("privacy", SITE, load({}, {}), "de", practice)
    assert said in text
    assert silent not in text


def test_a_notice_that_there_is_not() -> None:
    with pytest.raises(InputError, match="'gdpr' is no notice"):
        notices.notice("gdpr", SITE, load({}, {}), "en")


@pytest.fixture
def session(store: Store) -> Iterator[Session]:
    with store.session() as session:
        yield session


def visits(session: Session, site: Site) -> int:
    known = registry.site(session, site.name)
    return int(reports.run(session, "overview", known).summary["visits"])


def test_a_token_is_erased_with_all_that_came_of_it(
    store: Store, session: Session, tmp_path: Path
) -> None:
    site = new_site(store)
    hour = 1_729_591_200 // 3600  # 2024-10-22T10:00Z
    first, second = (tokens.encode(TokenParts("copy", hour, number), site.key) for number in (1, 2))
    rows = [
        hit("10:00", "ann", "/a", kind="share", token=first),
        hit("10:10", "bob", f"/a?ds={first}"),
        hit("10:11", "bob", "/a", kind="share", token=second, parent=first),
        hit("10:20", "eve", "/b"),
    ]
    drain(store, tmp_path, site, rows)
    publish_dirty(store, site.name)
    assert visits(session, site) == 2
    days = erasure.erase_token(store, site, first)
    assert date.fromisoformat(DAY) in days
    assert visits(session, site) == 1
    for table in ("hits", "shares"):
        left = session.query(
            f"SELECT token, parent FROM {table} WHERE site = %(site)s", site=site.name
        ).to_pylist()
        assert first not in {value for row in left for value in row.values()}, table


def test_a_day_is_erased_in_the_sites_time_zone(
    store: Store, session: Session, tmp_path: Path
) -> None:
    site = new_site(store, timezone="Europe/Berlin")
    rows = [
        hit("2024-10-21T21:59", "ann"),
        hit("2024-10-21T22:00", "bob"),
        hit("2024-10-22T21:59", "eve"),
        hit("2024-10-22T22:00", "gil"),
    ]
    drain(store, tmp_path, site, rows)
    publish_dirty(store, site.name)
    erasure.erase_day(store, site, date(2024, 10, 22))
    left = session.query("SELECT visitor FROM hits WHERE site = %(site)s", site=site.name)
    assert set(left["visitor"].to_pylist()) == {visitor("ann"), visitor("gil")}
    assert visits(session, site) == 2


@pytest.mark.parametrize("token", ["", "a b", "x'; DROP", "a" * 65])
def test_what_is_no_token_is_refused(store: Store, token: str) -> None:
    with pytest.raises(InputError, match="is no token"):
        erasure.erase_token(store, SITE, token)
