"""Page views in a real Chromium: loads, the ways back, and single-page applications."""

from __future__ import annotations

import re
from typing import Any

import pytest
from clipboard import nothing_was_sent, visit
from website import KEY, Website

pytestmark = pytest.mark.browser


class TestPageViews:
    def test_a_load_is_one_page_view(self, page: Any, site: Website) -> None:
        page.goto(site.add("/page", "text") + "?id=1#part")
        (view,) = site.wait("pageview")
        assert re.fullmatch(r"[1-9][0-9]{17,18}", view.pop("i"))
        assert view == {
            "t": "pageview",
            "u": site.url("/page?id=1"),
            "r": "",
            "n": "navigate",
            "x": "",
        }
        assert site.batches[0]["k"] == KEY

    def test_the_page_does_not_wait_for_the_request(self, page: Any, site: Website) -> None:
        note = """<script>
            window.order = [];
            const own = fetch;
            window.fetch = (...given) => { order.push('request'); return own(...given); };
        </script>"""
        tag = site.tag.replace("defer", "defer onload=\"order.push('script has run')\"")
        page.goto(site.add("/page", "text", note + tag))
        site.wait("pageview")
        assert page.evaluate("order") == ["script has run", "request"]

    def test_a_page_that_leads_on_at_once_has_been_viewed(self, page: Any, site: Website) -> None:
        site.add("/next", "text")
        leave = "addEventListener('DOMContentLoaded', () => location.replace('/next'))"
        page.goto(site.add("/page", f"<script>{leave}</script>"))
        views = {view["u"] for view in site.wait("pageview", 2)}
        assert views == {site.url("/page"), site.url("/next")}

    def test_it_goes_to_the_tracker_without_preflight_and_cookie(
        self, fresh: Any, site: Website
    ) -> None:
        fresh.context.add_cookies([{"name": "a", "value": "b", "url": site.url("/", "127.0.0.1")}])
        visit(fresh, site, "text")
        (request,) = site.requests
        assert request["path"] == "/c"
        assert request["Host"].startswith("127.0.0.1:")
        assert request["Content-Type"] == "text/plain;charset=UTF-8"
        assert "Cookie" not in request

    def test_another_endpoint_can_be_named(self, page: Any, site: Website) -> None:
        tag = site.tag.replace("data-site", 'data-api="/proxied/hit" data-site')
        page.goto(site.add("/page", "text", tag))
        site.wait("pageview")
        assert site.requests[0]["path"] == "/proxied/hit"
        assert site.requests[0]["Host"].startswith("site.localhost:")

    def test_the_referrer_comes_along(self, page: Any, site: Website) -> None:
        site.add("/from", f"<a href='{site.url('/page')}'>go</a>", tag="")
        site.add("/page", "text")
        page.goto(site.url("/from", "other.localhost"))
        page.click("a")
        assert site.wait("pageview")[0]["r"] == site.url("/", "other.localhost")

    def test_the_token_of_an_arrival_is_named(self, page: Any, site: Website) -> None:
        page.goto(site.add("/page", "text") + "?b=1&ds=arrived")
        assert site.wait("pageview")[0]["d"] == "arrived"

    def test_a_reload_is_called_so(self, page: Any, site: Website) -> None:
        visit(page, site, "text")
        page.reload()
        assert [view["n"] for view in site.wait("pageview", 2)] == ["navigate", "reload"]

    @pytest.mark.parametrize("kept", [True, False], ids=["from bfcache", "loaded again"])
    def test_going_back_is_called_so(self, page: Any, site: Website, kept: bool) -> None:
        site.headers = {} if kept else {"Cache-Control": "no-store"}
        visit(page, site, "text", "/first")
        page.evaluate("window.stayed = true")
        page.goto(site.add("/second", "text"))
        site.wait("pageview", 2)
        # A page from the cache does not load again, so there is no load to wait for.
        page.go_back(wait_until="commit")
        views = site.wait("pageview", 3)
        assert page.evaluate("window.stayed === true") is kept
        assert views[2]["u"] == site.url("/first")
        assert views[2]["n"] == "back_forward"

    PREPARED = """<script>
        Object.defineProperty(document, 'prerendering', {value: true});
        performance.getEntriesByType = () => [{type: 'navigate', activationStart: 12.5}];
    </script>"""

    def test_a_prepared_page_is_viewed_when_it_is_shown(self, page: Any, site: Website) -> None:
        page.goto(site.add("/page", self.PREPARED))
        nothing_was_sent(page, site)
        page.evaluate("document.dispatchEvent(new Event('prerenderingchange'))")
        assert site.wait("pageview")[0]["n"] == "prerender"


class TestSinglePageApplications:
    # [what the application does, the page views that follow: path, referrer, navigation]
    ROWS = (
        ("history.pushState(1, '', '/b')", [("/b", "/page?a=1", "navigate")]),
        ("history.pushState(1, '', '?a=2')", [("/page?a=2", "/page?a=1", "navigate")]),
        ("history.replaceState(1, '', '/b')", [("/b", "/page?a=1", "navigate")]),
        # Filters and positions of a list: the page is the same one.
        ("history.replaceState(1, '', '?a=1&p=2')", []),
        ("history.pushState(1, ''); history.replaceState(2, '')", []),
        ("history.pushState(1, '', '#x'); location.hash = 'y'", []),
        # Utilities tidy the address: the page is the same one.
        ("history.replaceState(1, '', '/page')", []),
        (
            "history.pushState(1, '', '/b'); history.pushState(2, '', '/c')",
            [("/b", "/page?a=1", "navigate"), ("/c", "/b", "navigate")],
        ),
    )

    @pytest.mark.parametrize(("script", "expected"), ROWS, ids=[row[0] for row in ROWS])
    def test_a_change_of_path_or_query_is_a_page_view(
        self, page: Any, site: Website, script: str, expected: list[tuple[str, str, str]]
    ) -> None:
        page.goto(site.add("/page", "text") + "?a=1")
        page.evaluate(script)
        page.evaluate("history.pushState(9, '', '/last')")
        views = site.wait("pageview", len(expected) + 2)
        # Requests may overtake each other.
        seen = {(view["u"], view["r"], view["n"]) for view in views}
        assert seen >= {(site.url(path), site.url(from_), how) for path, from_, how in expected}
        others = {view["u"] for view in views} - {site.url(path) for path, _, _ in expected}
        assert others == {site.url("/page?a=1"), site.url("/last")}
        assert len(views) == len(expected) + 2

    def test_a_router_in_the_fragment_is_followed(self, page: Any, site: Website) -> None:
        page.goto(site.add("/page", "text") + "#/one")
        page.evaluate("location.hash = '#/two'")
        assert {(view["u"], view["n"]) for view in site.wait("pageview", 2)} == {
            (site.url("/page#/one"), "navigate"),
            (site.url("/page#/two"), "navigate"),
        }

    def test_a_view_transition_is_one_page_view(self, page: Any, site: Website) -> None:
        visit(page, site, "text")
        page.evaluate("""async () => {
            const change = () => history.pushState(1, '', '/b');
            await document.startViewTransition(change).finished;
        }""")
        assert [view["u"] for view in site.wait("pageview", 2)] == [
            site.url("/page"),
            site.url("/b"),
        ]

    OLDER = """<script>
        Object.defineProperty(window, 'navigation', {value: undefined});
    </script>"""

    def test_browsers_without_the_navigation_api_are_followed_too(
        self, page: Any, site: Website
    ) -> None:
        visit(page, site, self.OLDER)
        page.evaluate("history.pushState({n: 1}, '', '/b'), history.replaceState(1, '', '/c?d')")
        page.evaluate("history.replaceState(1, '', '/c?e'), history.pushState(2, '', '#x')")
        page.evaluate("history.go(-2)")
        assert {(view["u"], view["n"], view["r"]) for view in site.wait("pageview", 4)} == {
            (site.url("/page"), "navigate", ""),
            (site.url("/b"), "navigate", site.url("/page")),
            (site.url("/c?d"), "navigate", site.url("/b")),
            (site.url("/page"), "back_forward", site.url("/c?d")),
        }

    def test_in_these_what_happened_before_the_second_script_came_counts_once(
        self, page: Any, site: Website
    ) -> None:
        early = "<script>addEventListener('DOMContentLoaded', () => history.pushState(1, '', '/b'))"
        page.goto(site.add("/page", f"{self.OLDER}{early}</script>"))
        assert {view["u"] for view in site.wait("pageview", 2)} == {
            site.url("/page"),
            site.url("/b"),
        }

    def test_going_back_inside_is_called_so(self, page: Any, site: Website) -> None:
        visit(page, site, "text")
        page.evaluate("history.pushState({n: 1}, '', '/b')")
        page.go_back()
        views = {(view["u"], view["r"], view["n"]) for view in site.wait("pageview", 3)}
        assert (site.url("/page"), site.url("/b"), "back_forward") in views

    def test_the_application_notices_nothing(self, page: Any, site: Website) -> None:
        visit(page, site, "text")
        state, result = page.evaluate("""() => {
            const result = history.pushState({deep: [1]}, '', '/b');
            return [history.state, result === undefined];
        }""")
        assert state == {"deep": [1]}
        assert result is True
        with pytest.raises(Exception, match="SecurityError"):
            page.evaluate("history.pushState(1, '', 'https://elsewhere.example/')")
