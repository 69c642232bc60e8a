"""Host and path of a page: what is stored of its address, as Python and the engine read it."""

from __future__ import annotations

from pathlib import Path

import pytest
from literal import drain, hit, new_site

from darksocial.rules import urls
from darksocial.store import Store

pytestmark = pytest.mark.engines

ADDRESSES = [
    # address of a page, stored host, stored path
    ("https://Ui.example/a/b?x=1#y", "ui.example", "/a/b"),
    ("https://ui.example", "ui.example", "/"),
    ("https://ui.example/a@b", "ui.example", "/a@b"),
    ("https://ui.example:8443/x", "ui.example:8443", "/x"),
    ("http://[::1]:8000/x", "[::1]:8000", "/x"),
    # a path in the query or the fragment is none
    ("https://ui.example?next=/private/1", "ui.example", "/"),
    ("https://ui.example#/private/1", "ui.example", "/"),
    # whose page it is
    ("https://alice:pw@ui.example/x", "ui.example", "/x"),
    ("https://alice:p@ss@ui.example/x", "ui.example", "/x"),
    ("https://a@b@ui.example/", "ui.example", "/"),
    ("https://ui.example\\@evil.example/login", "ui.example", "/@evil.example/login"),
    ("https://ui.example\\a\\b", "ui.example", "/a/b"),
]


@pytest.mark.parametrize(("url", "host", "path"), ADDRESSES)
def test_the_engine_reads_an_address_as_the_rules_do(
    embedded_store: Store, tmp_path: Path, url: str, host: str, path: str
) -> None:
    assert stored(embedded_store, tmp_path, url) == (host, path)
    assert urls.host_of(url) == host
    assert urls.clean_url(url).partition("//")[2].partition("/")[2] == path[1:]


SAME_HOST = [
    # written host, stored host
    ("ui.example.", "ui.example"),
    ("ui.example:443", "ui.example"),
    ("ui.example:80", "ui.example"),
    ("ui.example:", "ui.example"),
    ("ui.example.:443", "ui.example"),
    ("ui.example:99999", "ui.example"),
    ("ui.example:65536", "ui.example"),
    ("ui.example:4430000", "ui.example"),
    ("ui.example:65535", "ui.example:65535"),
    ("ui.example:8080", "ui.example:8080"),
    ("[::1]", "[::1]"),
    ("[::443]", "[::443]"),
    ("[::1]:443", "[::1]"),
]


@pytest.mark.parametrize(("written", "host"), SAME_HOST)
def test_a_page_has_one_host_however_it_is_written(
    embedded_store: Store, tmp_path: Path, written: str, host: str
) -> None:
    assert stored(embedded_store, tmp_path, f"https://{written}/x") == (host, "/x")


def test_a_referrer_on_the_same_host_stays_internal(embedded_store: Store, tmp_path: Path) -> None:
    url = "https://elsewhere.example:443/x"
    (row,) = rows(embedded_store, tmp_path, url, referrer="https://elsewhere.example:443/y")
    assert row["internal"] == 1


def stored(store: Store, home: Path, url: str) -> tuple[str, str]:
    (row,) = rows(store, home, url)
    return row["host"], row["path"]


def rows(store: Store, home: Path, url: str, **fields: str) -> list[dict[str, object]]:
    """Send the view of a page through spool and drain; return what is stored."""
    site = new_site(store)
    drain(store, home, site, [hit("10:00", url=url, **fields)])
    with store.session() as session:
        sql = "SELECT host, path, internal FROM hits WHERE site = %(site)s"
        return list(session.query(sql, site=site.name).to_pylist())
