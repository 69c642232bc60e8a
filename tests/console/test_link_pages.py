"""The pages of managed links: make, change, switch off, many at once, QR codes, both languages."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from page import Page

from darksocial import links, registry
from darksocial.model import Site
from darksocial.store import Store

ORIGIN = {"Origin": "http://127.0.0.1:18081"}


def made(client: FlaskClient, site: Site, **fields: str) -> str:
    """Make a link with the form and return its code."""
    sent = {"destination": f"https://{site.name}/a", "kind": "person", "label": "Ann", **fields}
    answer = client.post("/links/new", data=sent, headers=ORIGIN)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"]).rpartition("/")[2]


def test_a_link_is_made_and_shown(client: FlaskClient, site: Site, embedded_store: Store) -> None:
    code = made(client, site, utm_source="News Letter", expires="2030-01-31")
    page = Page(client.get(f"/links/{code}").text)
    assert f"https://t.example/r/{code}" in page.text
    with embedded_store.session() as session:
        link = links.find(session, code)
    assert (link.destination, link.kind, link.label) == (
        f"https://{site.name}/a?utm_source=news-letter",
        "person",
        "Ann",
    )
    assert ("input", "2030-01-31") in [(tag, at.get("value", "")) for tag, at in page.elements]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"destination": "javascript:alert(1)"}, "is no http or https address"),
        ({"destination": "https://elsewhere.example/"}, "elsewhere.example"),
        ({"kind": "poster"}, "is no kind of link"),
        ({"expires": "soon"}, "is no day"),
    ],
)
def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(
    client: FlaskClient, site: Site, fields: dict[str, str], said: str
) -> None:
    sent = {"destination": f"https://{site.name}/a", "label": "<b>Ann</b>", **fields}
    answer = client.post("/links/new", data=sent, headers=ORIGIN)
    page = Page(answer.text)
    assert answer.status_code == 400
    assert said in page.text
    assert "<b>Ann" not in answer.text
    assert ("input", "<b>Ann</b>") in [(tag, at.get("value", "")) for tag, at in page.elements]


def test_a_link_is_changed_switched_off_and_removed(client: FlaskClient, site: Site) -> None:
    code = made(client, site)
    client.post(
        f"/links/{code}",
        data={"destination": f"https://{site.name}/b", "label": "Bea", "kind": "qr"},
        headers=ORIGIN,
    )
    client.post(f"/links/{code}", data={"do": "disable"}, headers=ORIGIN)
    page = Page(client.get(f"/links/{code}").text)
    assert "Bea" in page.text
    assert "leads nowhere now" in page.text
    assert page.text.count("switched on") == 2
    client.post(f"/links/{code}", data={"do": "enable"}, headers=ORIGIN)
    assert "leads nowhere now" not in client.get(f"/links/{code}").text
    gone = client.post(f"/links/{code}", data={"do": "remove"}, headers=ORIGIN)
    assert gone.headers["Location"].startswith("/links")
    assert client.get(f"/links/{code}").status_code == 400


def test_many_at_once_with_what_is_wrong_line_by_line(client: FlaskClient, site: Site) -> None:
    text = f"destination,label\nhttps://{site.name}/x,<i>X</i>\nftp://{site.name}/,Y\n"
    file = (io.BytesIO(text.encode()), "links.csv")
    answer = client.post("/links/import", data={"file": file}, headers=ORIGIN)
    page = Page(answer.text)
    assert "1 link was made" in page.text
    assert "is no http or https address" in page.text
    assert "<i>X" not in answer.text


def test_a_list_as_spreadsheets_save_it_can_be_chosen(client: FlaskClient, site: Site) -> None:
    page = Page(client.get("/links/new").text)
    (field,) = [field for field in page.all("input") if field.get("type") == "file"]
    assert ".txt" in field["accept"].split(",")
    text = f"destination\tlabel\r\nhttps://{site.name}/ä\tFrühling, Sommer\r\n"
    file = (io.BytesIO(text.encode("utf-16")), "links.txt")
    answer = client.post("/links/import", data={"file": file}, headers=ORIGIN)
    assert "1 link was made" in Page(answer.text).text
    assert "Frühling, Sommer" in Page(client.get("/links").text).text


def test_qr_codes(client: FlaskClient, site: Site) -> None:
    code = made(client, site)
    svg, png = client.get(f"/links/{code}/qr.svg"), client.get(f"/links/{code}/qr.png")
    assert (svg.mimetype, png.mimetype) == ("image/svg+xml", "image/png")
    assert png.data.startswith(b"\x89PNG")
    assert client.get(f"/links/{code}/qr.gif").status_code == 400


def test_nobody_else_makes_links(client: FlaskClient, site: Site, stranger: FlaskClient) -> None:
    sent = {"destination": f"https://{site.name}/a"}
    assert stranger.post("/links/new", data=sent, headers=ORIGIN).status_code in (302, 401, 403)
    foreign = {"Origin": "https://evil.example"}
    assert stranger.post("/links/new", data=sent, headers=foreign).status_code == 403


def test_pages_speak_german(client: FlaskClient, site: Site, embedded_store: Store) -> None:
    with embedded_store.session() as session:
        code = registry.add_link(session, f"https://{site.name}/", "qr", "Plakat").code
    answer = client.get(f"/links/{code}?lang=de")
    page = Page(answer.text)
    assert '<html lang="de">' in answer.text
    assert "Seite, zu der er führt" in page.text
    assert answer.headers["Set-Cookie"].startswith("lang=de;")
    assert "Kanäle" in Page(client.get("/channels", headers={"Accept-Language": "de-DE"}).text).text
