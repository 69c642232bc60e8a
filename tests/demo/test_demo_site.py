"""The demo site: each page carries the snippet, says that it is a demo, and works under a CSP."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from darksocial.demo import articles
from darksocial.demo.site import create_app
from darksocial.model import Link, Site
from darksocial.settings import load

SITE = Site("demo.example", "00ff00ff00ff00ff", ("127.0.0.1:18082", "localhost:18082"))
LINKS = [Link("abc123", SITE.name, "http://127.0.0.1:18082/", "person", "Ambassador")]
PAGES = ["/", "/city", "/sea", "/letter", "/try", *articles.BY_PATH]


@pytest.fixture
def client() -> FlaskClient:
    settings = load({"tracker_url": "http://t.example", "demo_port": 18082}, {})
    return create_app(settings, SITE, LINKS).test_client()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_snippet_and_says_what_it_is(client: FlaskClient, path: str) -> None:
    answer = client.get(path, base_url="http://127.0.0.1:18082")
    assert answer.status_code == 200
    tag = '<script defer src="http://t.example/ds.js" data-site="00ff00ff00ff00ff"></script>'
    assert tag in answer.text
    assert "This is a demo." in answer.text
    assert 'href="http://127.0.0.1:8081/"' in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_no_page_needs_inline_script_or_style(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert "'unsafe" not in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=", answer.text)


@pytest.mark.parametrize("path", articles.BY_PATH)
def test_an_article_shows_its_whole_address_to_be_copied(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{path}?ds=someToken", base_url="http://localhost:18082")
    address = f"http://localhost:18082{path}"
    assert f'<span class="address" id="address">{address}</span>' in answer.text
    assert f'<link rel="canonical" href="{address}">' in answer.text
    assert "someToken" not in answer.text


def test_another_host_name_is_not_repeated(client: FlaskClient) -> None:
    answer = client.get("/try", base_url="http://evil.example")
    assert "evil.example" not in answer.text


@pytest.mark.parametrize("path", ["/nothing", "/city/nothing", "/city/night-train/more"])
def test_other_pages_do_not_exist(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
