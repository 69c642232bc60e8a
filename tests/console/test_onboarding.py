"""The first five minutes: sites, tags, a check that asks the site's hosts alone, example data."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from literal import hit
from page import Page, shown
from people import PASSWORD, logged_in, sent

from darksocial import accounts, checking, demo, registry
from darksocial.console import onboarding
from darksocial.drain import drain_once
from darksocial.model import Site
from darksocial.settings import Settings
from darksocial.store import Store

Fill = Callable[..., None]
ELSEWHERE = "http://169.254.169.254/latest"


class Website(BaseHTTPRequestHandler):
    """A page without the tag, and one that leads to another host."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", ELSEWHERE)
            self.end_headers()
            return
        body = b"<title>Shop</title><p>Nothing here</p>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def website() -> Iterator[str]:
    """The host and port of a web site on this machine."""
    server = HTTPServer(("127.0.0.1", 0), Website)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def local_site(embedded_store: Store, website: str) -> Iterator[Site]:
    with embedded_store.session() as session:
        added = registry.add_site(session, website)
    yield added
    with embedded_store.session() as session:
        registry.remove_site(session, added.name)


@pytest.fixture(scope="module")
def owner(console: Flask, embedded_store: Store) -> FlaskClient:
    with embedded_store.session() as session:
        accounts.add_account(session, "first-owner", "owner", PASSWORD)
        accounts.add_account(session, "first-analyst", "analyst", PASSWORD)
    return logged_in(console, "first-owner")


def checked(owner: FlaskClient, site: Site, url: str) -> Page:
    answer = sent(owner, f"/setup/check?site={site.name}&lang=en", url=url)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def test_the_tag_is_shown_and_the_first_hit_named(
    client: FlaskClient, site: Site, fill: Fill
) -> None:
    text = shown(client, "/setup?lang=en").text
    assert f'<script defer src="https://t.example/ds.js" data-site="{site.key}">' in text
    assert "No page view has arrived yet" in text
    fill(site, hit("08:00", "old", source="import-1"))
    assert "No page view has arrived yet" in shown(client, "/setup?lang=en").text
    fill(site, hit("10:00", "ann"), hit("11:30", "bob"))
    text = shown(client, "/setup?lang=en").text
    assert "The first page view arrived on 22 Oct 2024, 10:00, the last one on 22 Oct" in text
    assert "11:30; 2 in all" in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "The first page view arrived on 22 Oct 2024, 10:00; 1 so far."),
        ("de", "Der erste Seitenaufruf kam am 22. Okt. 2024, 10:00 an; bisher 1."),
    ],
)
def test_a_single_hit_is_named_too(
    client: FlaskClient, site: Site, fill: Fill, language: str, words: str
) -> None:
    fill(site, hit("10:00", "ann"))
    assert words in shown(client, f"/setup?lang={language}").text


def test_a_page_of_the_site_is_checked(owner: FlaskClient, local_site: Site, website: str) -> None:
    page = checked(owner, local_site, f"http://{website}/shop")
    assert "The page has no script tag with data-site." in page.text
    assert ("table", "findings-table") in [(tag, at.get("id")) for tag, at in page.elements]


def test_findings_are_told_in_german(owner: FlaskClient, local_site: Site, website: str) -> None:
    answer = sent(owner, f"/setup/check?site={local_site.name}&lang=de", url=f"http://{website}/")
    assert "Die Seite hat kein Skript-Tag mit data-site." in answer.text
    assert "bitte beheben" in answer.text


def test_whatever_is_looked_at_has_a_word() -> None:
    sources = Path(checking.__file__).parent.glob("*.py")
    named = r"\b(?:ok|note|warning|error)\(\s*\"([a-z-]+)\""
    names = {name for source in sources for name in re.findall(named, source.read_text())}
    in_a_browser = {"browser"}  # which the command alone opens
    assert names - in_a_browser == set(onboarding.LOOKED_AT)


@pytest.mark.parametrize(
    "url",
    [
        ELSEWHERE,
        "http://127.0.0.1:1/",
        "http://localhost/",
        "file:///etc/passwd",
        "ftp://{website}/",
        "http://{website}@169.254.169.254/",
        "http://169.254.169.254#@{website}/",
        "http://169.254.169.254\\@{website}/",
        "http://{website}.evil.example/",
        "http://[::1]/",
        "http://[/",
        "",
    ],
)
def test_no_other_host_is_asked(
    owner: FlaskClient, local_site: Site, website: str, url: str
) -> None:
    Website.asked.clear()
    url = url.replace("{website}", website)
    answer = sent(owner, f"/setup/check?site={local_site.name}&lang=en", url=url)
    assert answer.status_code == 400
    assert f"is no page of {local_site.name}" in Page(answer.text).text
    assert Website.asked == []


def test_no_redirect_leads_elsewhere(owner: FlaskClient, local_site: Site, website: str) -> None:
    text = checked(owner, local_site, f"http://{website}/away").text
    assert "its host is none of the site's" in text


def test_a_console_for_others_asks_no_private_address(
    console: Flask,
    owner: FlaskClient,
    local_site: Site,
    website: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings: Settings = console.config["SETTINGS"]
    monkeypatch.setitem(console.config, "SETTINGS", replace(settings, console_host="0.0.0.0"))
    Website.asked.clear()
    assert "no public address" in checked(owner, local_site, f"http://{website}/").text
    assert Website.asked == []


def test_one_check_runs_at_a_time(
    console: Flask, owner: FlaskClient, local_site: Site, website: str
) -> None:
    with console.extensions["checking"]:
        answer = sent(owner, f"/setup/check?site={local_site.name}", url=f"http://{website}/")
    assert answer.status_code == 429


def test_a_site_and_a_host_are_added(owner: FlaskClient, embedded_store: Store) -> None:
    answer = sent(owner, "/setup/sites", name="https://www.Shop.example/x")
    assert (answer.status_code, answer.location) == (303, "/setup?site=shop.example")
    sent(owner, "/setup/sites", name="shop.example", host="shop.test", timezone="Europe/Berlin")
    with embedded_store.session() as session:
        site = registry.site(session, "shop.example")
        registry.remove_site(session, site.name)
    assert (site.hosts, site.timezone) == (("shop.example", "shop.test"), "Europe/Berlin")
    answer = sent(owner, "/setup/sites?lang=en", name="no host name")
    assert answer.status_code == 400
    assert "is no host name" in answer.text


def test_without_a_site_both_first_steps_are_forms(owner: FlaskClient) -> None:
    page = shown(owner, "/?lang=en")
    assert [form["action"] for form in page.all("form")] == ["/setup/sites", "/setup/example"]


@pytest.mark.parametrize("path", ["/setup/sites", "/setup/check", "/setup/example"])
@pytest.mark.usefixtures("owner", "site")
def test_only_owners_change_something(console: Flask, path: str) -> None:
    analyst = logged_in(console, "first-analyst")
    assert sent(analyst, path, name="x.example", do="enter", url="x").status_code == 403
    assert [at for at in shown(analyst, "/setup").all("form") if at["method"] == "post"] == []


def test_example_data_comes_and_goes_with_one_click(
    console: Flask, owner: FlaskClient, embedded_store: Store
) -> None:
    settings: Settings = console.config["SETTINGS"]

    def entered() -> tuple[bool, int, bool]:
        drain_once(embedded_store, settings.spool, settings.rejects)
        with embedded_store.session() as session:
            links = len(registry.links(session, demo.SITE))
            return demo.is_entered(session), links, demo.SITE in registry.sites(session)

    for _ in range(2):
        answer = sent(owner, "/setup/example", do="enter")
        assert (answer.status_code, answer.location) == (303, f"/?site={demo.SITE}")
        soon = shown(owner, f"/?site={demo.SITE}&lang=en")
        assert "stands here as soon as it has been computed" in soon.text
        assert not soon.all("pre")
        assert entered() == (True, 3, True)
        assert "Take the example data out" in shown(owner, f"/setup?site={demo.SITE}&lang=en").text
        assert sent(owner, "/setup/example", do="remove").status_code == 303
        assert entered() == (False, 0, False)
    with embedded_store.session() as session:
        actions = [entry["action"] for entry in accounts.entries(session, 4)]
    assert actions == ["remove_example", "enter_example"] * 2


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("shop.example", "https://shop.example/"),
        ("localhost:8082", "http://localhost:8082/"),
        ("127.0.0.1:8082", "http://127.0.0.1:8082/"),
    ],
)
def test_the_page_to_check_is_one_that_can_answer(host: str, address: str) -> None:
    assert onboarding.first_page(host) == address
