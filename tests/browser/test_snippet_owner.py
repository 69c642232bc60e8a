"""What owner and visitor decide: commands, consent, holdout, engagement, and who is left alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from clipboard import (
    KEPT,
    NOTHING,
    READY,
    clipboard,
    copy,
    nothing_was_sent,
    one_token,
    said,
    visit,
    with_options,
)
from website import KEY, Event, Website

from darksocial.rules import tokens

pytestmark = pytest.mark.browser

STUB = """<script>
    window.darksocial = window.darksocial ||
        function () { (darksocial.q = darksocial.q || []).push(arguments); };
</script>"""


def plain(event: Event) -> Event:
    """Return an event without its id, which is random."""
    return {name: value for name, value in event.items() if name != "i"}


class TestCommands:
    # [command, the event that follows]
    ROWS: tuple[tuple[tuple[Any, ...], Event], ...] = (
        (("conversion", "order"), {"t": "conversion", "x": "order"}),
        (
            ("conversion", "order", {"value": 19.9, "currency": "EUR"}),
            {"t": "conversion", "x": "order", "v": 19.9, "c": "EUR"},
        ),
        (("interaction", "video"), {"t": "interaction", "x": "video"}),
    )

    @pytest.mark.parametrize(("command", "expected"), ROWS)
    def test_what_an_owner_reports(
        self, page: Any, site: Website, command: tuple[Any, ...], expected: Event
    ) -> None:
        visit(page, site, "text")
        said(page, *command)
        (event,) = site.wait(expected["t"])
        assert plain(event) == {**expected, "u": site.url("/page")}

    def test_what_was_said_before_loading_is_kept(self, page: Any, site: Website) -> None:
        visit(page, site, STUB + "<script>darksocial('interaction', 'early')</script>")
        assert site.wait("interaction")[0]["x"] == "early"

    def test_in_manual_mode_the_page_says_what_a_view_is(self, page: Any, site: Website) -> None:
        page.goto(site.add("/page", "text", with_options(site, manual="on")))
        page.evaluate("history.pushState(1, '', '/b')")
        nothing_was_sent(page, site)
        said(page, "interaction", "early")
        assert site.wait("interaction")[0]["u"] == site.url("/page")
        page.evaluate("darksocial('pageview')")
        assert site.wait("pageview")[0]["u"] == site.url("/b")

    def test_its_first_view_arrived_with_the_token(self, page: Any, site: Website) -> None:
        page.goto(site.add("/page", "text", with_options(site, manual="on")) + "?ds=arrived")
        said(page, "pageview")
        assert site.wait("pageview")[0]["d"] == "arrived"
        said(page, "pageview")
        assert "d" not in site.wait("pageview", 2)[1]

    def test_owners_leave_themselves_out(self, fresh: Any, site: Website) -> None:
        visit(fresh, site, "<p id=it>{origin}/x</p>")
        said(fresh, "exclude", True)
        assert copy(fresh)[0] == site.url("/x")
        fresh.reload()
        assert copy(fresh)[0] == site.url("/x")
        assert fresh.evaluate("darksocial.qr()") == site.url("/page")
        nothing_was_sent(fresh, site, besides="pageview")
        assert len(site.wait("pageview")) == 1
        said(fresh, "exclude", False)
        assert fresh.evaluate(KEPT) == NOTHING
        fresh.reload()
        site.wait("pageview", 2)


class TestConsent:
    LINK = "<p id=it>{origin}/x</p>"

    def test_the_address_bar_gets_a_token_that_goes_again(self, fresh: Any, site: Website) -> None:
        url = site.add("/page", self.LINK) + "?b=1#part"
        fresh.goto(url)
        said(fresh, "consent", "granted")
        token = one_token(fresh.url)
        assert fresh.url == site.url(f"/page?b=1&ds={token}#part")
        assert tokens.decode(token, KEY).method == "address_bar"
        said(fresh, "consent", "denied")
        assert fresh.url == url
        nothing_was_sent(fresh, site, besides="pageview")
        site.wait("pageview")

    def test_the_token_of_the_arrival_comes_back(self, fresh: Any, site: Website) -> None:
        url = site.add("/page", self.LINK) + "?ds=arrived"
        fresh.goto(url)
        said(fresh, "consent", "granted")
        assert "arrived" not in fresh.url
        said(fresh, "consent", "denied")
        assert fresh.url == url

    def test_each_page_of_an_application_gets_one(self, fresh: Any, site: Website) -> None:
        visit(fresh, site, self.LINK)
        said(fresh, "consent", "granted")
        first = one_token(fresh.url)
        state = fresh.evaluate("history.pushState({deep: 1}, '', '/b'), history.state")
        assert state == {"deep": 1}
        second = one_token(fresh.url)
        assert fresh.url == site.url(f"/b?ds={second}")
        assert first != second
        views = site.wait("pageview", 2)
        assert [view["u"] for view in views] == [site.url("/page"), site.url("/b")]
        assert "d" not in views[1]
        fresh.go_back()
        said(fresh, "consent", "denied")
        assert fresh.url == site.url("/page")

    def test_what_is_kept_goes_with_the_consent(self, fresh: Any, site: Website) -> None:
        visit(fresh, site, self.LINK)
        assert fresh.evaluate(KEPT) == NOTHING
        said(fresh, "consent", "granted")
        assert fresh.evaluate("Object.keys(localStorage)") == ["ds"]
        assert re.fullmatch(r"1[0-9]{12}", fresh.evaluate("localStorage.ds"))
        said(fresh, "consent", "denied")
        assert fresh.evaluate(KEPT) == NOTHING

    def test_visitors_who_come_back_are_known_as_such(self, fresh: Any, site: Website) -> None:
        visit(fresh, site, self.LINK)
        said(fresh, "consent", "granted")
        fresh.goto(site.url("/page"))
        site.wait("pageview", 2)
        fresh.evaluate("localStorage.ds -= 3600e3")
        fresh.goto(site.url("/page"))
        views = site.wait("pageview", 3)
        assert [view.get("s") for view in views] == [None, "0", "1"]

    def test_denial_alone_changes_nothing(self, page: Any, site: Website) -> None:
        url = site.add("/page", self.LINK) + "?ds=arrived#part"
        page.goto(url)
        said(page, "consent", "denied")
        assert page.url == url
        assert page.evaluate(KEPT) == NOTHING

    def test_a_banner_may_answer_before_the_script_is_there(
        self, fresh: Any, site: Website
    ) -> None:
        visit(fresh, site, STUB + "<script>darksocial('consent', 'granted')</script>")
        fresh.wait_for_url("**/page?ds=*")


class TestHoldout:
    BODY = "<p id=it>{origin}/x</p><a href='/y'>y</a>"

    def test_a_view_in_it_has_no_token_and_says_so(self, page: Any, site: Website) -> None:
        assert visit(page, site, self.BODY, holdout="100")["x"] == "holdout"
        assert copy(page)[0] == site.url("/x")
        page.evaluate("url => navigator.clipboard.writeText(url)", site.url("/y"))
        assert clipboard(page)[0] == site.url("/y")
        assert page.evaluate("darksocial.qr()") == site.url("/page")
        nothing_was_sent(page, site, besides="pageview")

    def test_the_others_are_as_ever(self, page: Any, site: Website) -> None:
        assert visit(page, site, self.BODY, holdout="0")["x"] == ""
        assert "?ds=" in copy(page)[0]

    def test_it_is_drawn_for_each_view_and_not_by_page(self, page: Any, site: Website) -> None:
        visit(page, site, self.BODY, holdout="50")
        page.evaluate("for (let n = 0; n < 99; n++) history.pushState(n, '', n % 2 ? '/a' : '/b')")
        views = site.wait("pageview", 100)
        for path in ("/a", "/b"):
            held = [view["x"] == "holdout" for view in views if view["u"] == site.url(path)]
            assert 5 < sum(held) < len(held) - 5  # fails once in a million

    def test_with_consent_a_visitor_stays_in_or_out(self, fresh: Any, site: Website) -> None:
        visit(fresh, site, self.BODY, holdout="50")
        for number, expected in ((1_795_291_200_010, "holdout"), (1_795_291_200_090, "")):
            site.batches.clear()
            fresh.evaluate("number => { localStorage.ds = number }", number)
            fresh.evaluate("for (let n = 0; n < 9; n++) history.pushState(n, '', '/a' + n)")
            assert {view["x"] for view in site.wait("pageview", 9)} == {expected}
            fresh.evaluate("history.pushState(1, '', '/page')")
            site.wait("pageview", 10)


class TestEngagement:
    BODY = "<p id=it style='height: 4000px'>{origin}/x</p>"

    def leave(self, page: Any) -> None:
        page.goto("about:blank")

    def test_it_is_sent_once_when_the_page_is_hidden(self, page: Any, site: Website) -> None:
        visit(page, site, self.BODY)
        page.keyboard.press("Shift")
        page.evaluate("scrollTo(0, 1e6)")
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        page.evaluate("scrollTo(0, 0)")
        self.leave(page)
        (event,) = site.wait("engagement")
        assert event["u"] == site.url("/page")
        assert 0 < event["v"] < 60
        assert event["x"] == "100"

    def test_who_does_not_scroll_has_seen_the_first_screen(self, page: Any, site: Website) -> None:
        visit(page, site, self.BODY)
        page.keyboard.press("Shift")
        self.leave(page)
        assert 10 < int(site.wait("engagement")[0]["x"]) < 40

    def test_each_page_of_an_application_has_its_own(self, page: Any, site: Website) -> None:
        visit(page, site, self.BODY)
        page.keyboard.press("Shift")
        page.evaluate("history.pushState(1, '', '/b')")
        self.leave(page)
        pages = {event["u"] for event in site.wait("engagement", 2)}
        assert pages == {site.url("/page"), site.url("/b")}

    def test_filters_in_the_address_are_no_other_page(self, page: Any, site: Website) -> None:
        visit(page, site, self.BODY)
        page.keyboard.press("Shift")
        page.evaluate("history.replaceState(1, '', '?filter=new')")
        self.leave(page)
        assert site.wait("engagement")[0]["u"] == site.url("/page")

    def test_a_visitor_without_a_sign_of_life_has_none(self, page: Any, site: Website) -> None:
        visit(page, site, self.BODY)
        self.leave(page)
        page.goto(site.url("/page"))
        site.wait("pageview", 2)
        nothing_was_sent(page, site, besides="pageview")

    def test_a_page_whose_view_was_not_reported_has_none(self, page: Any, site: Website) -> None:
        page.goto(site.add("/page", self.BODY, with_options(site, manual="on")))
        page.evaluate(READY)
        page.keyboard.press("Shift")
        self.leave(page)
        page.goto(site.url("/page"))
        nothing_was_sent(page, site)
        said(page, "pageview")
        page.keyboard.press("Shift")
        self.leave(page)
        assert site.wait("engagement")[0]["u"] == site.url("/page")

    def test_a_page_from_the_back_forward_cache_has_its_own(self, page: Any, site: Website) -> None:
        visit(page, site, self.BODY)
        page.keyboard.press("Shift")
        page.goto(site.add("/other", "text", tag=""))
        site.wait("engagement")
        page.go_back(wait_until="commit")
        site.wait("pageview", 2)
        self.leave(page)
        site.wait("engagement", 2)


class TestServer:
    @pytest.mark.parametrize("value", ["none", "cross-site", "same-origin"])
    def test_what_the_server_saw_comes_along(self, page: Any, site: Website, value: str) -> None:
        site.headers = {"Server-Timing": f'db;dur=3, sec-fetch-site;desc="{value}"'}
        assert visit(page, site, "text")["f"] == value

    def test_an_event_that_was_not_taken_is_sent_again(self, fresh: Any, site: Website) -> None:
        fresh.clock.install()
        site.refusals = 1
        url = site.add("/page", "text")
        with fresh.expect_response("**/c") as answer:
            fresh.goto(url)
        assert answer.value.status == 503
        fresh.clock.fast_forward(3000)
        (view,) = site.wait("pageview")
        assert [batch["e"][0]["i"] for batch in site.refused] == [view["i"]]


class TestTheSecondScript:
    TIMES = """() => [
        performance.getEntriesByType('navigation')[0].domInteractive,
        performance.getEntriesByType('resource').find(({name}) => /more/.test(name)).startTime,
    ]"""

    def test_it_is_fetched_when_the_page_is_interactive(self, page: Any, site: Website) -> None:
        visit(page, site, "<p>text</p>")
        interactive, fetched = page.evaluate(self.TIMES)
        assert fetched >= interactive
        page.keyboard.press("Shift")
        said(page, "interaction", "video")
        assert site.asked == ["/ds.js", "/more.js"]

    def test_where_it_is_missing_the_rest_works(self, page: Any, site: Website) -> None:
        page.route("**/more.js", lambda route: route.abort())
        try:
            visit(page, site, "<p id=it>{origin}/x</p>")
            said(page, "interaction", "lost")
            assert copy(page)[0] == site.url("/x")
            page.evaluate("url => navigator.clipboard.writeText(url)", site.url("/x"))
            assert "?ds=" in clipboard(page)[0]
            page.evaluate("history.pushState(1, '', '/b')")
            site.wait("pageview", 2)
        finally:
            page.unroute("**/more.js")
