"""The snippet on a page: how it is embedded, and that it is a guest there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from clipboard import copy, nothing_was_sent, visit
from waiting import wait_until
from website import Website

pytestmark = pytest.mark.browser


class TestInstallation:
    def test_without_a_key_it_does_nothing(self, page: Any, site: Website) -> None:
        tag = re.sub(r" data-site=\"\w+\"", "", site.tag)
        page.goto(site.add("/page", "<p id=it>{origin}/x</p>", tag))
        assert copy(page)[0] == site.url("/x")
        nothing_was_sent(page, site)

    def test_included_twice_it_works_once(self, page: Any, site: Website) -> None:
        page.goto(site.add("/page", "<p id=it>{origin}/x</p>", site.tag * 2))
        copy(page)
        site.wait("share")
        page.evaluate("history.pushState(1, '', '/b')")
        site.wait("pageview", 2)

    def test_one_name_of_the_page_is_taken(self, page: Any, site: Website) -> None:
        names = "() => Object.keys(window).sort()"
        page.goto(site.add("/page", "text", tag=""))
        before = page.evaluate(names)
        visit(page, site, "text")
        page.evaluate("darksocial()")
        assert set(page.evaluate(names)) - set(before) == {"darksocial"}

    def test_a_strict_content_security_policy_is_enough(self, page: Any, site: Website) -> None:
        tracker = site.url("", "127.0.0.1")
        policy = f"default-src 'none'; script-src {tracker}; connect-src {tracker}"
        site.headers = {"Content-Security-Policy": policy}
        visit(page, site, "<p id=it>{origin}/x</p>")
        assert "ds=" in copy(page)[0]
        page.keyboard.press("Shift")
        # The page's policy lets nothing be evaluated in it again and again.
        loaded = "performance.getEntriesByType('resource').length >= 4"
        wait_until(lambda: page.evaluate(loaded))
        page.evaluate("darksocial('interaction', 'video')")
        site.wait("interaction")

    def test_a_tracker_out_of_reach_harms_nobody(self, page: Any, site: Website) -> None:
        tag = site.tag.replace("data-site", 'data-api="http://127.0.0.1:1/c" data-site')
        page.goto(site.add("/page", "<p id=it>{origin}/x</p>", tag))
        assert "ds=" in copy(page)[0]
