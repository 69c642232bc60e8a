"""What the snippet keeps, changes and sends in a real Chromium: as little as it can."""

from __future__ import annotations

from typing import Any

import pytest
from clipboard import CLIPBOARD, KEPT, NOTHING, copy, nothing_was_sent, said, visit
from website import Website

pytestmark = pytest.mark.browser


class TestVisitors:
    LINK = "<p id=it>{origin}/x</p>"
    REFUSALS = ("doNotTrack', {value: '1'}", "globalPrivacyControl', {value: true}")

    @pytest.mark.parametrize("refusal", REFUSALS, ids=["DNT", "GPC"])
    def test_a_visitor_who_refuses_is_left_alone(
        self, page: Any, site: Website, refusal: str
    ) -> None:
        script = f"<script>Object.defineProperty(navigator, '{refusal})</script>"
        page.goto(site.add("/page", script + self.LINK))
        assert copy(page)[0] == site.url("/x")
        page.evaluate("url => navigator.clipboard.writeText(url)", site.url("/y"))
        assert page.evaluate(CLIPBOARD)[0] == site.url("/y")
        page.evaluate("history.pushState(1, '', '/b')")
        nothing_was_sent(page, site)

    def test_nothing_is_kept_and_the_address_stays(self, page: Any, site: Website) -> None:
        url = site.add("/page", self.LINK) + "?ds=arrived&b=1#part"
        page.goto(url)
        copy(page)
        site.wait("share")
        assert page.url == url
        assert page.context.cookies() == []
        kept = page.evaluate("""async () => [
            localStorage.length, sessionStorage.length, document.cookie,
            (await indexedDB.databases()).length, (await caches.keys()).length, window.name,
        ]""")
        assert kept == [0, 0, "", 0, 0, ""]

    def test_nothing_else_is_asked_of_any_host(self, fresh: Any, site: Website) -> None:
        asked: list[str] = []
        fresh.on("request", lambda request: asked.append(request.url))
        visit(fresh, site, self.LINK)
        fresh.wait_for_load_state("networkidle")
        tracker = [site.url(path, "127.0.0.1") for path in ("/ds.js", "/more.js", "/c")]
        assert sorted(asked) == sorted([site.url("/page"), *tracker])


class TestTheirDevices:
    REFUSALS = ("doNotTrack', {value: '1'}", "globalPrivacyControl', {value: true}")
    BODY = "<p id=it>{origin}/x</p><a href='/y'>y</a>"

    @pytest.mark.parametrize("refusal", REFUSALS, ids=["DNT", "GPC"])
    def test_a_visitor_who_refuses_loads_and_keeps_nothing(
        self, page: Any, site: Website, refusal: str
    ) -> None:
        script = f"<script>Object.defineProperty(navigator, '{refusal})</script>"
        page.goto(site.add("/page", script + self.BODY))
        said(page, "consent", "granted")
        said(page, "conversion", "order", {"value": 1})
        assert page.evaluate("darksocial.qr()") == page.url == site.url("/page")
        page.click("a", button="right")
        assert page.evaluate("document.querySelector('a').getAttribute('href')") == "/y"
        assert page.evaluate(KEPT) == NOTHING
        nothing_was_sent(page, site)
        assert site.asked == ["/ds.js"]

    def test_nothing_is_kept_whatever_is_shared(self, page: Any, site: Website) -> None:
        visit(page, site, self.BODY)
        said(page, "interaction", "video")
        copy(page)
        page.click("a", button="right")
        page.evaluate("darksocial.qr()")
        page.pdf()
        site.wait("share", 3)
        assert page.url == site.url("/page")
        assert page.context.cookies() == []
        assert page.evaluate(KEPT) == NOTHING

    def test_no_text_leaves_the_page(self, page: Any, site: Website) -> None:
        secret = "My-secret-words"
        body = f"<p id=it>{secret} {{origin}}/x?mail={secret} <a href='/y'>{secret}</a></p>"
        visit(page, site, body)
        assert secret in copy(page)[0]
        page.evaluate("text => navigator.clipboard.writeText(text)", f"{secret} {site.url('/x')}")
        site.wait("share", 2)
        assert secret not in str(site.batches)

    def test_forbidden_storage_is_no_trouble(self, page: Any, site: Website) -> None:
        forbidden = """<script>
            Object.defineProperty(window, 'localStorage', {
                get() { throw new DOMException('no', 'SecurityError'); },
            });
        </script>"""
        visit(page, site, forbidden + self.BODY)
        said(page, "interaction", "video")
        said(page, "consent", "granted")
        said(page, "exclude", True)
        assert "?ds=" in copy(page)[0]
