"""What visitors do before the second script has come, here on a network that is slow with it.

What takes a single act has its token anyway; a copy is made once more when the script is there.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

import pytest
from clipboard import CLIPBOARD, SELECT, clipboard, nothing_was_sent, one_token, share_of
from website import Website

pytestmark = pytest.mark.browser

HREF = "document.querySelector('a').getAttribute('href')"
STAY = """<script>
    addEventListener('click', event => {
        window.went = event.target.href;
        event.preventDefault();
    });
</script>"""


class Slow:
    """A tab that gets the second script only when the test says so."""

    def __init__(self, page: Any, site: Website) -> None:
        self.page = page
        self.site = site
        site.held.add("/more.js")

    def open(self, body: str) -> Any:
        self.page.goto(self.site.add("/page", body))
        self.site.wait("pageview")
        assert self.site.asked == ["/ds.js"]
        return self.page

    def go_on(self) -> None:
        """Let the second script come, and wait until it has run."""
        self.site.release()
        self.page.evaluate("darksocial()")


@pytest.fixture
def phone(profiles: Any, site: Website) -> Slow:
    options = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
    return Slow(profiles.new(**options).new_page(), site)


@pytest.fixture
def desk(fresh: Any, site: Website) -> Slow:
    return Slow(fresh, site)


# [share link, what is reported as the target]
LINKS = (
    ("whatsapp://send?text={origin}/x", "whatsapp:"),
    ("https://t.me/share/url?url={origin}/x", "t.me"),
    ("mailto:?body={origin}/x", "mailto:"),
)


@pytest.mark.parametrize(("link", "target"), LINKS, ids=[row[1] for row in LINKS])
def test_a_tap_on_a_share_link_is_the_very_first_act(
    phone: Slow, site: Website, link: str, target: str
) -> None:
    page = phone.open(f"<a href='{link}'>share</a>{STAY}")
    page.tap("a")
    (share,) = site.wait("share")
    assert unquote(page.evaluate("went")).endswith(f"{site.url('/x')}?ds={share['d']}")
    assert (share["m"], share["x"]) == ("share_link", target)
    assert site.asked == ["/ds.js"]


def test_a_tap_on_a_button_that_opens_a_dialog(phone: Slow, site: Website) -> None:
    page = phone.open(
        "<button onclick='window.open(`https://x.com/intent/post?url={origin}/x`)'>share</button>"
        "<script>window.open = url => { window.went = url }</script>"
    )
    page.tap("button")
    (share,) = site.wait("share")
    assert share["d"] in page.evaluate("went")
    assert (share["m"], share["x"]) == ("share_link", "x.com")


def test_a_tap_on_a_copy_button(phone: Slow, site: Website) -> None:
    page = phone.open("<button onclick='navigator.clipboard.writeText(`{origin}/x`)'>copy</button>")
    page.tap("button")
    (share,) = site.wait("share")
    assert page.evaluate(CLIPBOARD)[0] == site.url(f"/x?ds={share['d']}")
    assert share["m"] == "copy_button"


def test_a_tap_on_a_button_of_the_share_sheet(phone: Slow, site: Website) -> None:
    page = phone.open(
        "<script>Navigator.prototype.share = async data => { window.given = data }</script>"
        "<button onclick='navigator.share({url: location.href})'>share</button>"
    )
    page.tap("button")
    (share,) = site.wait("share")
    assert page.evaluate("given.url") == site.url(f"/page?ds={share['d']}")
    assert share["m"] == "share_sheet"


def test_the_menu_of_a_link(desk: Slow, site: Website) -> None:
    page = desk.open("<a href='/x'>words</a>")
    page.click("a", button="right")
    one_token(page.evaluate(HREF))
    page.mouse.move(300, 300)
    assert page.evaluate(HREF) == "/x"


def test_printing(desk: Slow, site: Website) -> None:
    page = desk.open("<a href='/x'>words</a>")
    (link,) = re.findall(rb"/URI \((.*?)\)", page.pdf())
    share_of(site, one_token(link.decode()), "print")


def test_a_qr_code(desk: Slow, site: Website) -> None:
    page = desk.open("text")
    share_of(site, one_token(page.evaluate("darksocial.qr()")), "qr")


class TestCopies:
    BODY = "<p id=it>Read <a href='/x'>{origin}/x</a> <b>now</b></p><p id=other>{origin}/y</p>"

    def copy(self, page: Any) -> None:
        page.evaluate(SELECT, "#it")
        page.keyboard.press("Control+c")

    def test_one_is_made_again_when_the_script_comes(self, desk: Slow, site: Website) -> None:
        page = desk.open(self.BODY)
        self.copy(page)
        assert clipboard(page)[0] == f"Read {site.url('/x')} now"
        desk.go_on()
        plain, html = clipboard(page)
        token = one_token(plain)
        assert plain == f"Read {site.url('/x')}?ds={token} now"
        assert f"/x?ds={token}" in html
        share_of(site, token, "copy")

    def test_not_where_something_else_is_selected_by_then(self, desk: Slow, site: Website) -> None:
        page = desk.open(self.BODY)
        self.copy(page)
        page.evaluate(SELECT, "#other")
        desk.go_on()
        assert clipboard(page)[0] == f"Read {site.url('/x')} now"
        nothing_was_sent(page, site, besides="pageview")

    def test_not_what_the_page_handled_itself(self, desk: Slow, site: Website) -> None:
        own = """<script>
            window.copies = 0;
            addEventListener('copy', event => { copies++; event.preventDefault() });
        </script>"""
        page = desk.open(self.BODY + own)
        self.copy(page)
        desk.go_on()
        assert page.evaluate("copies") == 1
        nothing_was_sent(page, site, besides="pageview")

    def test_not_what_holds_no_url_of_the_site(self, desk: Slow, site: Website) -> None:
        seen = "<script>window.copies = 0; addEventListener('copy', () => copies++)</script>"
        page = desk.open("<p id=it>words</p>" + seen)
        self.copy(page)
        desk.go_on()
        assert page.evaluate("copies") == 1
        nothing_was_sent(page, site, besides="pageview")


def test_commands_wait_for_it(desk: Slow, site: Website) -> None:
    page = desk.open("text")
    page.evaluate("void darksocial('conversion', 'order', {value: 5})")
    nothing_was_sent(page, site, besides="pageview")
    desk.go_on()
    assert site.wait("conversion")[0]["v"] == 5
