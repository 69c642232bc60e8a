"""The reports that are one table, as pages: options in the address, both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from literal import hit, token
from page import Page

from darksocial import campaigns
from darksocial.campaigns import Campaign
from darksocial.console import earning, tables
from darksocial.model import Site
from darksocial.reports import REPORTS, Report
from darksocial.store import Store
from darksocial.texts import words_for

Fill = Callable[..., None]


@pytest.fixture(scope="module")
def filled(kept_site: Site, fill: Fill, embedded_store: Store) -> Site:
    with embedded_store.session() as session:
        campaigns.add(
            session, Campaign(kept_site.name, "<i>fall", date(2024, 10, 1), tags=("fall",))
        )
    first, second = token(kept_site, 1), token(kept_site, 2)
    fill(
        kept_site,
        hit("10:00", "ann", "/<i>a", kind="share", token=first, method="copy"),
        hit("10:10", "bob", f"/a?ds={first}"),
        hit("10:11", "bob", "/a", kind="share", token=second, parent=first, method="copy"),
        hit("10:20", "eve", f"/a?ds={second}"),
        hit("10:21", "eve", "/a", kind="conversion", name="order", value=12.5, currency="EUR"),
        hit("10:22", "eve", "/a", kind="engagement", value=42),
    )
    return kept_site


def test_every_report_has_a_page() -> None:
    own = {"overview", "channels", "pages", "links"}
    assert set(tables.ANSWERS) | own == set(REPORTS)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", sorted(tables.ANSWERS))
def test_pages_are_whole_and_without_foreign_markup(
    client: FlaskClient, filled: Site, name: str, language: str
) -> None:
    answer = client.get(f"/reports/{name}?lang={language}")
    page = Page(answer.text)
    assert answer.status_code == 200
    assert ("table", "report-table") in [(tag, at.get("id")) for tag, at in page.elements]
    assert "<i>a" not in answer.text
    assert "<i>fall" not in answer.text
    assert "%(" not in answer.text


def test_a_tree_is_followed_to_its_shares(client: FlaskClient, filled: Site) -> None:
    page = Page(client.get("/reports/tree").text)
    (link,) = [at["href"] for tag, at in page.elements if "token=" in at.get("href", "")]
    one = Page(client.get(link).text)
    assert token(filled, 2) in one.text
    assert "Generation" in one.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/reports/nothing", 404),
        ("/reports/overview", 404),
        ("/reports/funnel?by=weather", 400),
        ("/reports/tree?token=zzz", 400),
        ("/reports/conversions?model=linear", 200),
    ],
)
def test_what_there_is_not(client: FlaskClient, filled: Site, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_a_site_without_anything_says_so(client: FlaskClient, site: Site) -> None:
    assert "Nothing was recorded" in Page(client.get(f"/reports/funnel?site={site.name}").text).text


@pytest.mark.parametrize(("name", "way"), [("campaigns", "campaign add"), ("tree", "recorded")])
def test_an_empty_page_says_what_to_do(
    client: FlaskClient, site: Site, name: str, way: str
) -> None:
    assert way in client.get(f"/reports/{name}?lang=en&site={site.name}").text


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "Dark social earned 1 of 1 conversions, worth €12.50 of €12.50. "
            "1 of them stand under Direct in GA4.",
        ),
        (
            "de",
            "Dark Social brachte 1 von 1 Conversions, im Wert von 12,50 € von insgesamt 12,50 €. "
            "1 davon stehen in GA4 unter Direct.",
        ),
    ],
)
def test_conversions_are_told_in_a_sentence_and_counted_in_two_ways(
    client: FlaskClient, filled: Site, language: str, sentence: str
) -> None:
    text = Page(client.get(f"/reports/conversions?lang={language}").text).text
    assert sentence in text.replace("\xa0", " ")
    theirs, ours = (text.lower().index(words) for words in ("direct 1 ", "dark social 1 "))
    assert theirs < ours


ROWS = [("dark_social", 3.0, 30.0), ("search", 5.0, 50.0), ("direct", 2.0, 0.0)]


@pytest.mark.parametrize(
    ("shown", "sentences"),
    [
        (3, ("Dark social earned 3 of 10 conversions, worth €30.00 of €80.00.",)),
        (2, ()),  # a channel is left out: nobody may reckon it from the sentence
    ],
)
def test_a_sentence_on_conversions_needs_every_channel(
    shown: int, sentences: tuple[str, ...]
) -> None:
    currency = {"currency": "EUR"}
    channels = [
        {"channel": name, "conversions": n, "value": value, **currency} for name, n, value in ROWS
    ]
    report = Report(
        "conversions", "a.example", "UTC", None, None, (), [],
        {
            "totals": [{"conversions": 10.0, "value": 80.0, **currency}],
            "channels": channels[:shown],
            "reported_channels": [],
            "dark_social_reported_as": [
                {"reported_channel": "Referral", "conversions": 3.0, "value": 30.0, **currency}
            ],
        },
    )  # fmt: skip
    assert earning.earned(report, words_for("en")).sentences == sentences


def test_single_figures_are_as_short_as_those_of_tables(console: Flask) -> None:
    summary = {"dark_to_public": 1.2345, "visits": 1234}
    report = Report("public", "shop.example", "UTC", None, None, (), [], summary)
    with console.test_request_context("/?lang=en"):
        assert [value for _, value in tables._facts(report)] == ["1.23", "1,234"]
