"""The page on timing: a picture on a logarithmic scale, and the tables behind it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from literal import hit, token
from page import shown

from darksocial.console.timing import Axis
from darksocial.model import Site

Fill = Callable[..., None]


@pytest.fixture
def filled(site: Site, fill: Fill) -> Site:
    shared = token(site)
    fill(
        site,
        hit("10:00:00", "ann", "/a", kind="share", token=shared, method="copy"),
        hit("10:00:20", "bob", f"/a?ds={shared}", referrer="https://web.whatsapp.com/"),
        hit("10:02:00", "cyd", f"/a?ds={shared}"),
        hit("15:00:00", "dan", f"/a?ds={shared}"),
    )
    return site


@pytest.mark.parametrize(
    ("language", "sentence", "row", "application"),
    [
        ("en", "Half of the visits by a share come within 2 min", "10 s to 30 s 1 33%", "20 s"),
        (
            "de",
            "Die Hälfte der Besuche über einen Share kommt innerhalb von 2",
            "bis 30",
            "20 Sek.",
        ),
    ],
)
def test_the_page_says_when_and_shows_it(
    client: FlaskClient, filled: Site, language: str, sentence: str, row: str, application: str
) -> None:
    page = shown(client, f"/reports/timing?lang={language}")
    assert sentence in page.text
    assert row in page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert [line["class"] for line in page.all("line") if "class" in line] == ["mark"]
    assert f"WhatsApp 1 {application} {application} {application}" in page.text


def test_before_the_first_visit_it_says_what_to_do(
    client: FlaskClient, site: Site, fill: Fill
) -> None:
    assert "Put this line into the head" in shown(client, "/reports/timing?lang=en").text
    fill(site, hit("10:00"))
    text = shown(client, "/reports/timing?lang=en").text
    assert "opening it in another browser" in text


@pytest.mark.parametrize(
    ("seconds", "place"), [(0, 0.0), (10, 33.33), (30, 66.67), (60, 100.0), (10**9, 100.0)]
)
def test_every_span_is_equally_wide(seconds: float, place: float) -> None:
    assert Axis([0, 30]).place(seconds) == place


def test_within_a_span_the_scale_is_logarithmic() -> None:
    axis = Axis([1_800, 3_600])
    assert axis.place(2_545) == pytest.approx(25, abs=0.1)  # the geometric middle
