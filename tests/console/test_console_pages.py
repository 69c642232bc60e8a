"""The pages of a site with ordinary hits: what each says, and that everybody can read it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from literal import hit, token
from page import PAGES, Page, shown

from darksocial import registry
from darksocial.model import EXAMPLE_SOURCE
from darksocial.store import Store

DAY = "2024-10-22"
RANGE = f"?from={DAY}&to={DAY}"
TELEGRAM = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/125.0.0.0 Mobile Safari/537.36 Telegram-Android/10.12.0 (Google Pixel 8; Android 14)"
)


@pytest.fixture(scope="module", autouse=True)
def ordinary(embedded_store: Store, fill: Callable[..., None]) -> None:
    """A site and its day, with one visit of each kind that the overview tells apart."""
    with embedded_store.session() as session:
        site = registry.add_site(session, "magazine.example")
    shared = token(site)
    fill(
        site,
        hit("10:00", "typed", "/"),
        hit("10:05", "friend", f"/story?ds={shared}", token=shared),
        hit("10:06", "friend", "/more", page="/story"),
        hit("10:10", "reader", "/story", user_agent=TELEGRAM),
        hit("10:20", "searcher", "/story", referrer="https://www.google.com/"),
        hit("10:30", "letter", "/?utm_source=letter&utm_medium=email"),
        hit("10:40", "made-up", "/", source=EXAMPLE_SOURCE),
        hit("10:50", "sharer", "/story", kind="share", token=token(site, 2), method="copy"),
    )


def test_the_overview_answers_in_one_sentence(client: FlaskClient) -> None:
    text = shown(client, "/").text
    assert "Of 4 visits that analytics calls direct, 2 were shares." in text
    assert (
        "1 opened in an application's own browser and 1 arrived with a share token. The "
        "application is known for 1 of them, most often Telegram (1)." in text
    )


def test_the_overview_says_how_it_knows(client: FlaskClient) -> None:
    text = shown(client, "/").text
    assert "Stays direct 2 50% No token or other evidence; stays direct 2 50%" in text
    assert "model" not in text


def test_example_data_is_named_on_every_page_with_figures(client: FlaskClient) -> None:
    for path in ("/", "/channels", "/pages"):
        text = shown(client, path).text
        assert "Example data: 1 visit in these figures was made up for the demo" in text


def test_channels_add_up(client: FlaskClient) -> None:
    text = shown(client, "/channels").text
    assert "Dark social 2 33% 2 3" in text
    assert "Telegram 1 17% 1 1" in text
    assert "Search 1 17% 0 1" in text
    assert "Together 6 100% 4 7" in text


def test_pages_show_their_dark_part_and_what_was_passed_on(client: FlaskClient) -> None:
    assert "/story 3 2 67% 2 1 4" in shown(client, "/pages").text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (RANGE, "Of 4 visits"),
        (f"?from={DAY}", "Of 4 visits"),
        (f"?to={DAY}", "Of 4 visits"),
        ("?from=&to=", "Of 4 visits"),
        ("?from=2024-10-23&to=2024-11-01", "No visits from 23 Oct 2024 to 1 Nov 2024"),
        ("?from=0001-01-01&to=9999-12-31", "Of 4 visits"),
    ],
)
def test_the_range_stands_in_the_address(client: FlaskClient, query: str, said: str) -> None:
    assert said in shown(client, f"/{query}").text


@pytest.mark.parametrize("path", PAGES)
def test_every_page_can_be_read_by_everybody(client: FlaskClient, path: str) -> None:
    page = shown(client, path)
    assert page.all("html") == [{"lang": "en"}]
    assert [len(page.all(tag)) for tag in ("main", "h1", "header", "footer")] == [1] * 4
    assert all(cell.get("scope") for cell in page.all("th"))
    pictures = page.all("svg")
    assert all(svg.get("aria-label") or svg.get("aria-hidden") == "true" for svg in pictures)
    assert all(svg.get("role") == "img" for svg in pictures if "aria-label" in svg)
    named = [one for one in page.all("nav") + page.all("form") if one.get("aria-label")]
    assert len(named) == len(page.all("nav")) + len(page.all("form"))
    identities = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(identities) == len(set(identities))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_asks_for_anything_elsewhere_or_inline(client: FlaskClient, path: str) -> None:
    html = client.get(path).text
    page = Page(html)
    addresses = [
        value
        for _, attributes in page.elements
        for name, value in attributes.items()
        if name in ("src", "href", "action", "xlink:href", "srcset")
    ]
    assert addresses
    assert all(re.match(r"[/#](?!/)", address) for address in addresses)
    assert "style" not in {name for _, attributes in page.elements for name in attributes}
    assert "<style" not in html


def test_figures_behind_the_picture_are_in_a_table(client: FlaskClient) -> None:
    page = shown(client, "/")
    assert {} in page.all("details")
    assert "Day Called direct Dark social Came another way Stays direct 22 Oct 4 2 0 2" in page.text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_weighs_little(client: FlaskClient, path: str) -> None:
    assets = ("/static/console.css", "/static/renewing.js", "/static/live.js", "/static/icon.svg")
    assert sum(len(client.get(one).data) for one in (path, *assets)) < 100_000


@pytest.mark.parametrize(
    ("query", "live"),
    [("", True), (RANGE, False), ("?to=9999-12-31", True), (f"?from={DAY}", True)],
)
def test_a_page_refreshes_itself_only_where_something_may_come(
    client: FlaskClient, query: str, live: bool
) -> None:
    assert bool(shown(client, f"/{query}").all("script")) == live
