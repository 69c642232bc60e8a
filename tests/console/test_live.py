"""The live view: what arrived in the last half hour, for the eye and for the script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from literal import hit
from page import shown
from people import PASSWORD, logged_in

from darksocial import accounts
from darksocial.model import Site
from darksocial.store import Store

Fill = Callable[..., None]
CHAT = "https://web.whatsapp.com/"


def ago(minutes: float) -> str:
    return (datetime.now(timezone.utc) - timedelta(minutes=minutes)).isoformat()


def at(minutes: float, who: str, path: str, **fields: Any) -> dict[str, Any]:
    return hit(ago(minutes), who, path, **fields)


@pytest.fixture
def filled(site: Site, fill: Fill) -> Site:
    fill(
        site,
        at(1.5, "ann", "/<i>a", referrer=CHAT),
        at(2.5, "bob", "/b"),
        at(20.5, "cyd", "/b"),
        at(45, "dan", "/old"),
    )
    return site


def test_the_last_half_hour_is_shown(client: FlaskClient, filled: Site) -> None:
    page = shown(client, "/now?lang=en")
    assert "3 visits in the last half hour" in page.text
    assert "2 of them did something in the last five minutes." in page.text
    assert "/old" not in page.text
    assert page.all("meta")[-1] == {"http-equiv": "refresh", "content": "30"}
    assert [script["src"] for script in page.all("script")] == [
        "/static/renewing.js",
        "/static/now.js",
    ]


def test_the_script_gets_the_same_figures(client: FlaskClient, filled: Site) -> None:
    told = client.get("/now.json?lang=de").json
    assert told["sentence"] == "3 Besuche in der letzten halben Stunde"
    assert told["tables"]["page"][0] == {
        "label": f"{filled.name}/b",
        "visits": 2,
        "said": "2",
    }
    assert [row["label"] for row in told["tables"]["channel"]] == ["Direkt", "Dark Social"]
    assert [row["label"] for row in told["tables"]["application"]] == ["WhatsApp"]
    columns = told["chart"]["columns"]
    assert len(columns) == 30
    assert sum(len(column["boxes"]) for column in columns) == 3


def test_filters_and_segments_hold_here_too(client: FlaskClient, filled: Site) -> None:
    told = client.get("/now.json?lang=en&channel=dark_social").json
    assert told["sentence"] == "1 visit in the last half hour"
    assert client.get("/now.json?segment=none").status_code == 400


def test_nothing_is_said_as_nothing(client: FlaskClient, site: Site) -> None:
    assert "Nobody came in the last half hour" in shown(client, "/now?lang=en").text


def test_readers_see_no_few_visitors(
    console: Flask, embedded_store: Store, site: Site, fill: Fill
) -> None:
    with embedded_store.session() as session:
        if "live-reader" not in accounts.accounts(session):
            accounts.add_account(session, "live-reader", "reader", PASSWORD)
    reader = logged_in(console, "live-reader")
    fill(site, at(2, "ann", "/rare"))
    told = reader.get("/now.json?lang=en").json
    assert told["sentence"] == "Too few visits in the last half hour to show"
    assert told["tables"] == {"page": [], "channel": [], "application": []}
    fill(site, *[at(2, f"many{number}", "/busy") for number in range(6)])
    told = reader.get("/now.json?lang=en").json
    assert told["sentence"] == "7 visits in the last half hour"
    assert "/rare" not in str(told)
    assert len(told["chart"]["columns"]) == 6


def test_without_a_site_the_first_step_is_named(client: FlaskClient) -> None:
    assert "darksocial site add" in shown(client, "/now").text


def test_the_api_has_it_in_plain_words(client: FlaskClient, filled: Site) -> None:
    told = client.get("/api/v1/now").json
    assert (told["site"], told["visits"], told["going_on"]) == (filled.name, 3, 2)
    assert told["channels"] == [
        {"channel": "direct", "visits": 2},
        {"channel": "dark_social", "visits": 1},
    ]
    assert told["steps"][0] == {"minute": 0, "visits": 0}


def test_example_data_is_told(client: FlaskClient, site: Site, fill: Fill) -> None:
    fill(site, at(1.5, "ann", "/a", source="example"), at(2.5, "bob", "/b"))
    said = "Example data: 1 visit in these figures was made up"
    assert said in shown(client, "/now?lang=en").text
