"""Every other way of passing a link on, in a real Chromium: what goes out, and what is reported."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, unquote

import pytest
from clipboard import clipboard, nothing_was_sent, one_token, share_of, visit, with_options
from website import KEY, Website

from darksocial.rules import tokens

pytestmark = pytest.mark.browser

HREF = "document.querySelector('a').getAttribute('href')"


# [where a link leads, with {} for the shared URL; what is reported as the target]
SHARE_LINKS = (
    ("mailto:?subject=Look&body=See%20{}%20soon", "mailto:"),
    ("sms:?&body={}", "sms:"),
    ("whatsapp://send?text={}", "whatsapp:"),
    ("viber://forward?text={}", "viber:"),
    ("fb-messenger://share/?link={}", "fb-messenger:"),
    ("tg://msg_url?url={}", "tg:"),
    ("https://wa.me/?text=Look%3A%20{}", "wa.me"),
    ("https://api.whatsapp.com/send?text={}", "api.whatsapp.com"),
    ("https://t.me/share/url?url={}&text=Look", "t.me"),
    ("https://social-plugins.line.me/lineit/share?url={}", "social-plugins.line.me"),
    ("https://line.me/R/msg/text/?Look%20{}", "line.me"),
    ("https://twitter.com/intent/tweet?text=Look+at&url={}", "twitter.com"),
    ("https://x.com/intent/post?url={}", "x.com"),
    ("https://www.linkedin.com/sharing/share-offsite/?url={}", "www.linkedin.com"),
    ("https://www.facebook.com/sharer/sharer.php?u={}", "www.facebook.com"),
    ("https://www.reddit.com/submit?url={}&title=Look", "www.reddit.com"),
    ("https://pinterest.com/pin/create/button/?url={}&media=x", "pinterest.com"),
    ("https://www.tumblr.com/widgets/share/tool?canonicalUrl={}", "www.tumblr.com"),
    ("https://www.xing.com/spi/shares/new?url={}", "www.xing.com"),
    ("https://bsky.app/intent/compose?text={}", "bsky.app"),
    ("https://teams.microsoft.com/share?href={}", "teams.microsoft.com"),
    ("https://news.ycombinator.com/submitlink?u={}&t=Look", "news.ycombinator.com"),
)
CLICKED = """<script>
    document.addEventListener('click', event => {
        window.went = event.target.href;
        event.preventDefault();
    });
</script>"""


class TestShareLinks:
    @pytest.mark.parametrize(("link", "target"), SHARE_LINKS, ids=[row[1] for row in SHARE_LINKS])
    def test_the_shared_url_gets_a_token_and_the_target_is_named(
        self, page: Any, site: Website, link: str, target: str
    ) -> None:
        url = site.url("/x?b=1")
        href = link.format(quote(url, safe=""))
        visit(page, site, f'<a href="{href}">share</a>' + CLICKED)
        page.click("a")
        (share,) = site.wait("share")
        assert page.evaluate("went") == href.replace(
            quote(url, safe=""), quote(f"{url}&ds={share['d']}", safe="")
        )
        assert (share["m"], share["x"], share["u"]) == ("share_link", target, site.url("/x"))
        page.keyboard.press("Escape")
        assert page.evaluate(HREF) == href

    # [where a link leads: nothing of it is a share]
    OTHERS = (
        "https://accounts.other.localhost/login?return_to={}",
        "https://other.localhost/?u={}",
        "{}",
        "/share?u={}",
        "https://wa.me/?text=words",
        "https://t.me/share/url?url=https%3A%2F%2Fother.localhost%2F",
        "mailto:somebody@site.localhost",
        "tel:+49123",
        "javascript:void(0)",
    )

    @pytest.mark.parametrize("link", OTHERS)
    def test_other_links_stay_as_they_are(self, page: Any, site: Website, link: str) -> None:
        href = link.replace("{}", quote(site.url("/x"), safe=":/"))
        visit(page, site, f'<a href="{href}">go</a>' + CLICKED)
        before = page.evaluate("document.querySelector('a').href")
        page.click("a")
        assert page.evaluate("went") == before
        nothing_was_sent(page, site, besides="pageview")

    def test_a_dialog_that_a_script_opens(self, page: Any, site: Website) -> None:
        dialog = site.url("/share", "other.localhost")
        site.add("/share", "dialog", tag="")
        visit(page, site, "text")
        with page.expect_popup() as popup:
            page.evaluate("url => void window.open(url)", f"{dialog}?u={quote(site.url('/x'))}")
        (share,) = site.wait("share")
        assert unquote(popup.value.url) == f"{dialog}?u={site.url('/x')}?ds={share['d']}"
        assert share["x"] == site.url("", "other.localhost").removeprefix("http://")
        popup.value.close()

    def test_a_link_that_a_script_opens_is_one_share(self, page: Any, site: Website) -> None:
        site.add("/share", "dialog", tag="")
        dialog = f"{site.url('/share', 'other.localhost')}?u={quote(site.url('/x'))}"
        script = "window.open(this.href, '', 'width=300,height=200'); return false"
        visit(page, site, f'<a href="{dialog}" onclick="{script}">share</a>')
        with page.expect_popup() as popup:
            page.click("a")
        (share,) = site.wait("share")
        assert share["d"] in popup.value.url
        popup.value.close()


class TestContextMenu:
    LINK = "<a href='/x?b=1#y'>words</a>"

    def test_the_link_has_a_token_only_while_the_menu_is_open(
        self, page: Any, site: Website
    ) -> None:
        visit(page, site, self.LINK)
        page.click("a", button="right")
        href = page.evaluate(HREF)
        token = one_token(href)
        assert href == site.url(f"/x?b=1&ds={token}#y")
        assert tokens.decode(token, KEY).method == "context_menu"
        page.mouse.move(300, 300)
        assert page.evaluate(HREF) == "/x?b=1#y"
        nothing_was_sent(page, site, besides="pageview")

    @pytest.mark.parametrize(
        "body",
        [
            "<a href='http://other.localhost/x'>words</a>",
            "<div contenteditable><a href='/x'>words</a></div>",
            "<a href='mailto:a@site.localhost'>words</a>",
        ],
    )
    def test_other_links_stay(self, page: Any, site: Website, body: str) -> None:
        visit(page, site, body)
        before = page.evaluate(HREF)
        page.click("a", button="right")
        assert page.evaluate(HREF) == before

    def test_what_the_page_changes_meanwhile_stays(self, page: Any, site: Website) -> None:
        visit(page, site, self.LINK)
        page.click("a", button="right")
        page.evaluate("document.querySelector('a').setAttribute('href', '/new')")
        page.mouse.move(300, 300)
        assert page.evaluate(HREF) == "/new"


class TestDragging:
    TARGET = """<div id=drop style='width:200px;height:100px'>drop</div><script>
        const box = document.getElementById('drop');
        box.ondragover = event => event.preventDefault();
        box.ondrop = event => {
            event.preventDefault();
            window.dropped = Object.fromEntries(
                event.dataTransfer.types.map(type => [type, event.dataTransfer.getData(type)]));
        };
    </script>"""

    def test_a_link_that_is_dropped_somewhere(self, page: Any, site: Website) -> None:
        visit(page, site, "<p><a href='/x?b=1'>words</a></p>" + self.TARGET)
        page.drag_and_drop("a", "#drop")
        dropped = page.evaluate("dropped")
        token = one_token(dropped["text/uri-list"])
        tagged = site.url(f"/x?b=1&ds={token}")
        assert dropped["text/uri-list"] == dropped["text/plain"] == tagged
        assert one_token(dropped["text/html"]) == token
        assert share_of(site, token, "drag")["u"] == site.url("/x")
        assert page.evaluate(HREF) == "/x?b=1"

    def test_a_drag_that_is_broken_off_is_no_share(self, page: Any, site: Website) -> None:
        visit(page, site, "<p><a href='/x'>words</a></p><p id=off>no target</p>")
        page.drag_and_drop("a", "#off")
        nothing_was_sent(page, site, besides="pageview")

    def test_what_the_page_drags_is_its_own(self, page: Any, site: Website) -> None:
        own = "<script>addEventListener('dragstart', e => e.dataTransfer.setData('a/b', 'c'))"
        visit(page, site, "<p><b draggable=true>tile</b></p>" + self.TARGET + own + "</script>")
        page.drag_and_drop("b", "#drop")
        assert page.evaluate("dropped") == {"a/b": "c"}
        nothing_was_sent(page, site, besides="pageview")


class TestPrinting:
    BODY = "<a href='/x'>one</a> <a href='/y#z'>two</a> <a href='http://other.localhost/'>3</a>"

    def test_the_links_in_a_pdf_have_one_token(self, page: Any, site: Website) -> None:
        visit(page, site, self.BODY)
        links = set(re.findall(rb"/URI \((.*?)\)", page.pdf()))
        (share,) = site.wait("share")
        token = share["d"]
        assert links == {
            site.url(f"/x?ds={token}").encode(),
            site.url(f"/y?ds={token}#z").encode(),
            b"http://other.localhost/",
        }
        assert share["m"] == "print"
        hrefs = page.evaluate("[...document.links].map(link => link.getAttribute('href'))")
        assert hrefs == ["/x", "/y#z", "http://other.localhost/"]

    def test_a_page_without_links_of_the_site_is_no_share(self, page: Any, site: Website) -> None:
        visit(page, site, "<a href='http://other.localhost/'>3</a>")
        page.pdf()
        nothing_was_sent(page, site, besides="pageview")


class TestQr:
    def test_it_returns_the_pages_address_with_a_token(self, page: Any, site: Website) -> None:
        page.goto(site.add("/page", "text") + "?b=1#part")
        url = page.evaluate("darksocial.qr()")
        token = one_token(url)
        assert url == site.url(f"/page?b=1&ds={token}#part")
        assert share_of(site, token, "qr")["u"] == site.url("/page")


class TestCarriers:
    def copied(self, page: Any) -> str:
        page.evaluate("url => navigator.clipboard.writeText(url)", page.url + "x?b=1")
        return clipboard(page)[0]

    # [data attributes, what follows the URL of a copy button, and of a QR code]
    ROWS: tuple[tuple[dict[str, str], str, str], ...] = (
        ({}, "&", "?"),
        ({"carrier": "fragment"}, "#", "#"),
        ({"copy_button": "fragment"}, "#", "?"),
        ({"carrier": "fragment", "qr": "query"}, "#", "?"),
    )

    @pytest.mark.parametrize(("options", "button", "qr"), ROWS)
    def test_the_owner_chooses_for_each_method(
        self, page: Any, site: Website, options: dict[str, str], button: str, qr: str
    ) -> None:
        visit(page, site, "text", **options)
        assert self.copied(page).partition("b=1")[2][0] == button
        assert page.evaluate("darksocial.qr()").partition("/page")[2][0] == qr

    def test_a_token_in_the_fragment_arrives(self, page: Any, site: Website) -> None:
        page.goto(site.add("/page", "text") + "#ds=arrived")
        assert site.wait("pageview")[0]["d"] == "arrived"
        page.evaluate("darksocial.qr()")
        assert site.wait("share")[0]["p"] == "arrived"

    def test_the_owner_may_have_it_taken_out_of_the_address(self, page: Any, site: Website) -> None:
        # What loads after the snippet, like a router, finds the address without it.
        later = """<script>
            addEventListener('DOMContentLoaded', () => { window.saw = location.href });
        </script>"""
        site.add("/page", later, with_options(site, strip="on"))
        page.goto(site.url("/page") + "?a=1&ds=arrived&b=2#part")
        (view,) = site.wait("pageview")
        assert (view["d"], view["u"]) == ("arrived", site.url("/page?a=1&b=2"))
        assert page.url == page.evaluate("saw") == site.url("/page?a=1&b=2#part")

    def test_other_hosts_of_the_owner_are_tagged_too(self, page: Any, site: Website) -> None:
        visit(page, site, "text", hosts="shop.test, other.localhost")
        url = site.url("/x", "other.localhost")
        page.evaluate("url => navigator.clipboard.writeText(url)", url)
        assert "?ds=" in clipboard(page)[0]
