"""The visits behind a figure: filters in the address, pages of them, hostile values."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from literal import hit
from page import Page

from darksocial.console import visiting
from darksocial.model import Site

Fill = Callable[..., None]
WHATSAPP = "https://web.whatsapp.com/"


@pytest.fixture(scope="module")
def filled(kept_site: Site, fill: Fill) -> Site:
    fill(
        kept_site,
        hit("10:00", "ann", "/news"),
        hit("10:01", "bob", "/news", referrer=WHATSAPP),
        hit("10:02", "eve", "/<b>shop", referrer="https://www.google.com/"),
        hit("10:03", "eve", "/cart", page="/shop"),
    )
    return kept_site


def rows(client: FlaskClient, query: str) -> list[str]:
    page = Page(client.get(f"/visits?{query}").text)
    return [text for text in ("10:00", "10:01", "10:02") if text in page.text]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["10:00", "10:01", "10:02"]),
        ("channel=dark_social", ["10:01"]),
        ("evidence=model", ["10:00"]),
        ("application=WhatsApp", ["10:01"]),
        ("page={site}/news", ["10:00", "10:01"]),
        ("channel=search&page={site}/news", []),
        ("from=2024-10-23", []),
        ("channel=%27%20OR%201=1", []),
    ],
)
def test_filters_stand_in_the_address(
    client: FlaskClient, filled: Site, query: str, found: list[str]
) -> None:
    assert rows(client, query.format(site=filled.name)) == found


def test_what_visitors_write_is_no_markup(client: FlaskClient, filled: Site) -> None:
    html = client.get("/visits").text
    assert "<b>shop" not in html
    assert f"{filled.name}/<b>shop" in Page(html).text


def test_older_visits_follow(
    client: FlaskClient, filled: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visiting, "ROWS", 2)
    page = Page(client.get("/visits?endpoint=x&_method=POST").text)
    assert "10:02" in page.text
    assert "10:00" not in page.text
    (older,) = [at["href"] for tag, at in page.elements if "before=" in at.get("href", "")]
    assert "10:00" in Page(client.get(older).text).text


@pytest.mark.parametrize("before", ["x", "-1", "99999999999999999999999", "1e3"])
def test_a_place_that_there_is_not(client: FlaskClient, filled: Site, before: str) -> None:
    assert client.get(f"/visits?before={before}").status_code == 400


def test_why_is_told_in_german_word_by_word(client: FlaskClient, filled: Site) -> None:
    page = Page(client.get("/visits?evidence=model&lang=de").text)
    (visit,) = {
        at["href"]
        for tag, at in page.elements
        if tag == "a" and at.get("href", "").startswith("/visits/")
    }
    told = Page(client.get(visit).text).text
    assert "Keine Ankunft: Es ging innerhalb der Website weiter" in told
    assert "sie trifft immer zu" in told
    assert "always holds" not in told
    assert "no arrival" not in told


def test_strangers_see_none(stranger: FlaskClient, filled: Site) -> None:
    assert "10:00" not in stranger.get("/visits").text


@pytest.mark.parametrize(
    ("query", "visits"),
    [
        ("", "3"),
        ("page={site}/news", "2"),
        ("page={site}/none", None),
        ("device=mobile", None),
        ("device=desktop", "3"),
        ("campaign=x", None),
    ],
)
def test_reports_on_visits_can_be_limited(
    client: FlaskClient, filled: Site, query: str, visits: str | None
) -> None:
    page = Page(client.get("/channels?" + query.format(site=filled.name)).text)
    said = f"Where {visits} visits came from" if visits else "No visits from"
    assert said in page.text


def test_the_overview_stands_beside_the_days_before(client: FlaskClient, filled: Site) -> None:
    page = Page(client.get("/?from=2024-10-22&to=2024-10-22&compare=on").text)
    assert "The days before, 21 Oct 2024 to 21 Oct 2024: 0 of 0 direct visits" in page.text


def test_figures_lead_to_the_visits_behind_them(client: FlaskClient, filled: Site) -> None:
    page = Page(client.get("/").text)
    links = [at["href"] for tag, at in page.elements if "/visits?" in at.get("href", "")]
    assert any("evidence=model" in link for link in links)
    for link in links:
        assert Page(client.get(link).text).text.count("10:0") == 1, link


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "the browser says where the link was"), ("de", "der Browser sagt, wo der Link stand")],
)
def test_a_visit_is_explained_in_both_languages(
    client: FlaskClient, filled: Site, language: str, said: str
) -> None:
    page = Page(client.get("/visits?channel=dark_social").text)
    (link,) = [at["href"] for tag, at in page.elements if "/visits/" in at.get("href", "")]
    shown = Page(
        client.get(f"{link}&lang={language}" if "?" in link else f"{link}?lang={language}").text
    )
    assert said in shown.text
    assert "WhatsApp" in shown.text


@pytest.mark.parametrize("visit", ["x", "1", "99999999999999999999999"])
def test_a_visit_that_there_is_not(client: FlaskClient, filled: Site, visit: str) -> None:
    assert client.get(f"/visits/{visit}").status_code == 400
