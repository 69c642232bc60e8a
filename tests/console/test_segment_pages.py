"""Segments on their page, in the bar of filters, in files, shared reports and the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from literal import hit
from page import shown
from people import PASSWORD, logged_in, sent

from darksocial import accounts
from darksocial.model import Site
from darksocial.reports import segments
from darksocial.reports.segments import Segment
from darksocial.store import Store

Fill = Callable[..., None]
CHAT = "https://web.whatsapp.com/"
PEOPLE = {"seg-owner": "owner", "seg-analyst": "analyst", "seg-reader": "reader"}


@pytest.fixture(scope="module")
def people(embedded_store: Store) -> None:
    with embedded_store.session() as session:
        for name, role in PEOPLE.items():
            accounts.add_account(session, name, role, PASSWORD)


@pytest.fixture
def filled(site: Site, fill: Fill) -> Site:
    fill(
        site,
        hit("10:00", "ann", "/a", referrer=CHAT),
        hit("10:01", "bob", "/b"),
        hit("10:02", "cyd", "/b"),
    )
    return site


@pytest.fixture
def kept(filled: Site, embedded_store: Store) -> Site:
    with embedded_store.session() as session:
        segments.save(session, Segment(filled.name, "Of <b>", {"page": "/b"}, "ann"))
    return filled


def known(store: Store, site: Site) -> dict[str, object]:
    with store.session() as session:
        return {one.name: one.filters for one in segments.segments(session, site.name)}


@pytest.mark.usefixtures("people")
def test_an_analyst_saves_changes_and_removes(
    console: Flask, embedded_store: Store, filled: Site
) -> None:
    analyst = logged_in(console, "seg-analyst")
    page = shown(analyst, "/segments?page=/b&device=desktop&lang=en")
    values = {field.get("name"): field.get("value") for field in page.all("input")}
    assert values["page"] == "/b"
    answer = sent(analyst, "/segments", name="Desk", page="/b", device="desktop")
    assert (answer.status_code, answer.location.endswith("segment=Desk")) == (303, True)
    assert known(embedded_store, filled) == {"Desk": {"page": "/b", "device": "desktop"}}
    sent(analyst, "/segments", name="Chat", instead="Desk", application="WhatsApp")
    assert known(embedded_store, filled) == {"Chat": {"application": "WhatsApp"}}
    assert "Application: WhatsApp" in shown(analyst, "/segments?lang=en").text
    sent(analyst, "/segments", remove="Chat")
    assert known(embedded_store, filled) == {}
    with embedded_store.session() as session:
        done = [(entry["action"], entry["target"]) for entry in accounts.entries(session, 10)]
    assert [(one, target) for one, target in done if target.startswith(filled.name)] == [
        ("remove_segment", f"{filled.name} Chat"),
        ("save_segment", f"{filled.name} Chat"),
        ("save_segment", f"{filled.name} Desk"),
    ]


@pytest.mark.usefixtures("people")
def test_what_cannot_be_kept_is_said_beside_the_form(
    console: Flask, embedded_store: Store, filled: Site
) -> None:
    answer = sent(logged_in(console, "seg-analyst"), "/segments?lang=en", name="All of it")
    assert answer.status_code == 400
    assert "would hold every visit" in answer.text
    assert 'value="All of it"' in answer.text
    assert known(embedded_store, filled) == {}


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("language", "filters", "said"),
    [
        ("en", {}, "at least one of Landing page, Campaign, Source, Channel, Application, Device."),
        ("de", {}, "eines von Einstiegsseite, Kampagne, Quelle, Kanal, Anwendung, Gerät."),
        ("en", {"page": "/" * 2001}, "The filter Landing page is longer than 2000 letters"),
        ("en", {"page": "city*"}, "The page &#39;city*&#39; begins neither with / nor"),
    ],
)
def test_filters_are_refused_by_the_names_that_the_form_gives_them(
    console: Flask, filled: Site, language: str, filters: dict[str, str], said: str
) -> None:
    analyst = logged_in(console, "seg-analyst")
    answer = sent(analyst, f"/segments?lang={language}", name="New", **filters)
    assert (answer.status_code, said in answer.text) == (400, True), answer.text


@pytest.mark.usefixtures("people")
def test_a_reader_chooses_and_changes_nothing(
    console: Flask, embedded_store: Store, kept: Site
) -> None:
    reader = logged_in(console, "seg-reader")
    assert reader.get("/segments").status_code == 403
    assert sent(reader, "/segments", name="x", page="/b").status_code == 403
    assert "Of <b>" in [
        option.get("value", "Of <b>") for option in shown(reader, "/").all("option")
    ]
    assert reader.get("/", query_string={"segment": "Of <b>"}).status_code == 200


def test_it_is_in_the_bar_and_stays_on_the_way(client: FlaskClient, kept: Site) -> None:
    answer = client.get("/channels", query_string={"segment": "Of <b>"})
    assert "Of <b>" not in answer.text
    page = shown(client, "/channels?segment=Of+%3Cb%3E&lang=en")
    assert "Where 2 visits came from" in page.text
    links = [link["href"] for link in page.all("a")]
    assert "/pages?segment=Of+%3Cb%3E" in links
    assert any("/export/channels.xlsx" in link and "segment=Of" in link for link in links)
    assert any("/reports/funnel?segment=Of" in link for link in links)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/export/channels.csv", "direct,,,2,2,2"),
        ("/export/visits.csv", "/b"),
        ("/api/v1/reports/channels", '"visits": 2'),
        ("/api/v1/visits", "/b"),
        ("/visits", "/b"),
    ],
)
def test_files_and_the_api_know_it(client: FlaskClient, kept: Site, path: str, found: str) -> None:
    text = client.get(path, query_string={"segment": "Of <b>", "site": kept.name}).text
    assert found in text
    assert "WhatsApp" not in text.replace('value="WhatsApp"', "")
    assert client.get(path, query_string={"segment": "Lost", "site": kept.name}).status_code == 400


@pytest.mark.usefixtures("people")
def test_a_shared_report_keeps_it(console: Flask, kept: Site, embedded_store: Store) -> None:
    owner = logged_in(console, "seg-owner")
    form = {"do": "add", "report": "channels", "site": kept.name, "days": "3"}
    answer = sent(owner, "/account/shares", **form, segment="Of <b>")
    address = answer.text.split("/shared/")[1].split("<")[0].strip()
    stranger = console.test_client()
    page = shown(stranger, f"/shared/{address}?lang=en")
    assert "Segment: Of <b>" in page.text
    assert sent(owner, "/account/shares", **form, segment="Lost").status_code == 400


@pytest.mark.usefixtures("people")
def test_a_shared_report_without_rows_says_so(console: Flask, kept: Site) -> None:
    days = {"from": "2001-01-01", "to": "2001-01-02"}
    form = {"do": "add", "report": "pages", "site": kept.name, "days": "3", **days}
    made = sent(logged_in(console, "seg-owner"), "/account/shares", **form).text
    address = made.split("/shared/")[1].split("<")[0].strip()
    page = shown(console.test_client(), f"/shared/{address}?lang=en")
    assert "Nothing was counted in these days." in page.text
    assert not page.all("thead")


@pytest.mark.usefixtures("people")
def test_a_share_that_nobody_could_open_is_refused(console: Flask, kept: Site) -> None:
    owner = logged_in(console, "seg-owner")
    form = {"do": "add", "report": "conversions", "site": kept.name, "days": "3"}
    assert sent(owner, "/account/shares", **form, model="x").status_code == 400
    made = sent(owner, "/account/shares", **form, model="first_touch").text
    address = made.split("/shared/")[1].split("<")[0].strip()
    assert "Erster Kontakt" in shown(console.test_client(), f"/shared/{address}?lang=de").text
