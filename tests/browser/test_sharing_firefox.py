"""Copying, consent and privacy in Debian's Firefox ESR."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from clipboard import CLIPBOARD, READY, SELECT, one_token, with_options
from firefox import Firefox
from website import KEY, Website

from darksocial.rules import tokens

pytestmark = pytest.mark.browser

LINK = "<p id=it>Read <a href='/x?b=1#y'>{origin}/x?b=1#y</a>, <b>now</b>.</p>"
KEPT = "[localStorage.length, sessionStorage.length, document.cookie]"


@pytest.fixture(scope="module")
def browser() -> Iterator[Firefox]:
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if not program:
        pytest.skip("Firefox is not installed: apt-get install firefox-esr")
    with Firefox(program) as firefox:
        yield firefox


@pytest.fixture
def firefox(browser: Firefox) -> Firefox:
    browser.goto("about:blank")
    return browser


def copied(firefox: Firefox, selector: str = "#it") -> tuple[str, str]:
    """Select what is in an element, copy it with the keyboard, and return both flavours."""
    firefox.evaluate(f"({READY})")
    firefox.evaluate("navigator.clipboard.writeText('nothing')")
    firefox.evaluate(f"({SELECT})({json.dumps(selector)})")
    firefox.press("c")
    plain, html = firefox.evaluate(f"({CLIPBOARD})()")
    return plain, html


def visit(firefox: Firefox, site: Website, body: str, **options: str) -> dict[str, Any]:
    firefox.goto(site.add("/page", body, with_options(site, **options)))
    return site.wait("pageview")[0]


def test_a_load_is_one_page_view(firefox: Firefox, site: Website) -> None:
    site.headers = {"Server-Timing": 'sec-fetch-site;desc="none"'}
    view = visit(firefox, site, "text")
    assert (view["u"], view["n"], view["f"]) == (site.url("/page"), "navigate", "none")


def test_an_application_is_followed(firefox: Firefox, site: Website) -> None:
    visit(firefox, site, "text")
    firefox.evaluate("history.pushState(1, '', '/b')")
    assert [view["u"] for view in site.wait("pageview", 2)] == [site.url("/page"), site.url("/b")]


def test_both_flavours_of_a_copy_carry_one_token(firefox: Firefox, site: Website) -> None:
    visit(firefox, site, LINK)
    plain, html = copied(firefox)
    token = one_token(plain)
    tagged = site.url(f"/x?b=1&ds={token}#y")
    assert plain == f"Read {tagged}, now."
    assert f'href="{tagged.replace("&", "&amp;")}"' in html
    assert "<b>now</b>" in html
    share = site.wait("share")[0]
    assert (share["d"], share["m"], share["u"]) == (token, "copy", site.url("/x"))
    assert tokens.decode(token, KEY).method == "copy"


@pytest.mark.parametrize(
    "body",
    [
        "<p id=it>words</p>",
        "<p id=it>http://other.localhost/x</p>",
        "<p id=it>Run <code>curl {origin}/x</code></p>",
        "<div id=it contenteditable>{origin}/x</div>",
    ],
)
def test_the_rest_is_left_to_the_browser(firefox: Firefox, site: Website, body: str) -> None:
    firefox.goto(site.add("/bare", body, tag=""))
    native = copied(firefox)
    visit(firefox, site, body)
    assert copied(firefox) == native


def test_a_copy_button(firefox: Firefox, site: Website) -> None:
    visit(firefox, site, "text")
    firefox.evaluate(f"navigator.clipboard.writeText({json.dumps(site.url('/x'))})")
    written = firefox.evaluate("navigator.clipboard.readText()")
    assert written == f"{site.url('/x')}?ds={site.wait('share')[0]['d']}"


def test_a_field_that_a_script_copies(firefox: Firefox, site: Website) -> None:
    script = "<script>function copy() { it.select(); return document.execCommand('copy') }</script>"
    visit(firefox, site, f"<input id=it value='{site.url('/x')}'>{script}")
    firefox.evaluate("darksocial()")
    assert firefox.evaluate("copy()") is True
    written = firefox.evaluate("navigator.clipboard.readText()")
    assert written == f"{site.url('/x')}?ds={site.wait('share')[0]['d']}"


def test_a_share_link(firefox: Firefox, site: Website) -> None:
    stay = "<script>onclick = event => { window.went = event.target.href; return false }</script>"
    visit(firefox, site, f"<a href='https://wa.me/?text={site.url('/x')}'>share</a>{stay}")
    firefox.evaluate("darksocial()")
    firefox.click("a")
    (share,) = site.wait("share")
    assert (share["m"], share["x"]) == ("share_link", "wa.me")
    assert share["d"] in firefox.evaluate("went")


def test_consent_is_given_and_withdrawn(firefox: Firefox, site: Website) -> None:
    url = site.add("/page", LINK) + "?b=1#part"
    firefox.goto(url)
    assert firefox.evaluate(KEPT) == [0, 0, ""]
    firefox.evaluate("darksocial('consent', 'granted')")
    tagged = firefox.evaluate("location.href")
    assert tokens.decode(one_token(tagged), KEY).method == "address_bar"
    assert firefox.evaluate(KEPT) == [1, 0, ""]
    firefox.evaluate("darksocial('consent', 'denied')")
    assert firefox.evaluate("location.href") == url
    assert firefox.evaluate(KEPT) == [0, 0, ""]


def test_nothing_is_kept_and_the_address_stays(firefox: Firefox, site: Website) -> None:
    url = site.add("/page", LINK) + "?ds=arrived#part"
    firefox.goto(url)
    copied(firefox)
    site.wait("share")
    assert firefox.evaluate("location.href") == url
    assert firefox.evaluate(KEPT) == [0, 0, ""]


@pytest.fixture
def refusing(request: pytest.FixtureRequest, firefox: Firefox) -> Iterator[Firefox]:
    firefox.prefer(request.param, True)
    yield firefox
    firefox.prefer(request.param, False)


@pytest.mark.parametrize(
    "refusing",
    ["privacy.donottrackheader.enabled", "privacy.globalprivacycontrol.enabled"],
    indirect=True,
)
def test_a_visitor_who_refuses_is_left_alone(refusing: Firefox, site: Website) -> None:
    refusing.goto(site.add("/page", LINK))
    assert "ds=" not in copied(refusing)[0]
    refusing.evaluate("darksocial('conversion', 'order')")
    mark = json.dumps(json.dumps({"k": "mark", "e": [{"t": "mark"}]}))
    address = json.dumps(site.url("/c"))
    refusing.evaluate(f"fetch({address}, {{method: 'POST', body: {mark}}}).then(() => 1)")
    site.wait("mark")
    assert len(site.events) == 1
    assert site.asked == ["/ds.js"]


def test_a_copy_that_was_too_early_is_made_again(firefox: Firefox, site: Website) -> None:
    site.held.add("/more.js")
    # A window without a screen never has the focus.
    focus = "<script>document.hasFocus = () => true</script>"
    firefox.goto(site.add("/page", LINK + focus), wait="interactive")
    site.wait("pageview")
    firefox.evaluate(f"({SELECT})('#it')")
    firefox.press("c")
    assert "ds=" not in firefox.evaluate("navigator.clipboard.readText()")
    site.release()
    firefox.evaluate("darksocial()")
    plain = firefox.evaluate("navigator.clipboard.readText()")
    assert plain == f"Read {site.url('/x?b=1&ds=')}{one_token(plain)}#y, now."


def test_a_tap_on_a_share_link_is_the_very_first_act(firefox: Firefox, site: Website) -> None:
    site.held.add("/more.js")
    stay = "<script>onclick = event => { window.went = event.target.href; return false }</script>"
    firefox.goto(
        site.add("/page", f"<a href='https://wa.me/?text={{origin}}/x'>share</a>{stay}"),
        wait="interactive",
    )
    site.wait("pageview")
    firefox.click("a")
    assert site.wait("share")[0]["d"] in firefox.evaluate("went")
