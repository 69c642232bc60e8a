"""The snippet in a real Chromium: what it reports, what it tags, and what it leaves alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from clipboard import (
    CLIPBOARD,
    copy,
    nothing_was_sent,
    one_token,
    paste,
    visit,
    without_tokens,
)
from website import KEY, Website

from darksocial.rules import tokens

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
        _, *views, last = site.wait("pageview", len(expected) + 2)
        seen = [(view["u"], view["r"], view["n"]) for view in views]
        assert seen == [(site.url(path), site.url(from_), how) for path, from_, how in expected]
        assert last["u"] == site.url("/last")

    def test_a_router_in_the_fragment_is_followed(self, page: Any, site: Website) -> None:
        page.goto(site.add("/page", "text") + "#/one")
        page.evaluate("location.hash = '#/two'")
        views = site.wait("pageview", 2)
        assert [view["u"] for view in views] == [site.url("/page#/one"), site.url("/page#/two")]
        assert [view["n"] for view in views] == ["navigate", "navigate"]

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

    def test_browsers_without_the_navigation_api_are_followed_from_the_first_sign_of_life(
        self, page: Any, site: Website
    ) -> None:
        visit(page, site, self.OLDER)
        page.evaluate("darksocial()")
        page.evaluate("history.pushState({n: 1}, '', '/b'), history.replaceState(1, '', '/c?d')")
        page.evaluate("history.replaceState(1, '', '/c?e'), history.pushState(2, '', '#x')")
        page.evaluate("history.go(-2)")
        views = site.wait("pageview", 4)
        assert [(view["u"], view["n"]) for view in views] == [
            (site.url("/page"), "navigate"),
            (site.url("/b"), "navigate"),
            (site.url("/c?d"), "navigate"),
            (site.url("/page"), "back_forward"),
        ]

    def test_going_back_inside_is_called_so(self, page: Any, site: Website) -> None:
        visit(page, site, "text")
        page.evaluate("history.pushState({n: 1}, '', '/b')")
        page.go_back()
        view = site.wait("pageview", 3)[2]
        assert (view["u"], view["r"]) == (site.url("/page"), site.url("/b"))
        assert view["n"] == "back_forward"

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


class TestCopying:
    LINK = "<p id=it>Read <a href='/article?id=1#top'>{origin}/article?id=1#top</a>, now.</p>"

    def test_both_flavours_carry_one_token(self, page: Any, site: Website) -> None:
        visit(page, site, self.LINK)
        plain, html = copy(page)
        token = one_token(plain)
        tagged = site.url(f"/article?id=1&ds={token}#top")
        assert plain == f"Read {tagged}, now."
        assert f'href="{tagged.replace("&", "&amp;")}"' in html
        assert f">{site.url('/article?id=1#top')}</a>" in html

    def test_the_share_is_reported_without_the_text(self, page: Any, site: Website) -> None:
        visit(page, site, self.LINK)
        plain, _ = copy(page)
        (share,) = site.wait("share")
        assert share.pop("i").isdecimal()
        token = one_token(plain)
        assert share == {
            "t": "share",
            "u": site.url("/article"),
            "d": token,
            "m": "copy",
        }
        assert tokens.decode(token, KEY).method == "copy"

    def test_every_copy_has_a_token_of_its_own(self, page: Any, site: Website) -> None:
        visit(page, site, self.LINK)
        first, second = one_token(copy(page)[0]), one_token(copy(page)[0])
        assert first != second
        assert {share["d"] for share in site.wait("share", 2)} == {first, second}

    def test_the_token_of_the_arrival_is_the_parent(self, page: Any, site: Website) -> None:
        page.goto(site.add("/page", self.LINK) + "?ds=arrived")
        page.evaluate("history.pushState(1, '', '/next')")
        copy(page)
        assert site.wait("share")[0]["p"] == "arrived"

    # [what is in the page, what is copied as text, with T for the token]
    TEXTS = (
        ("{origin}/x", "{origin}/x?ds=T"),
        ("Look: {origin}/x.", "Look: {origin}/x?ds=T."),
        ("{origin}/x?ds=older", "{origin}/x?ds=T"),
        ("({origin}/x_(y))", "({origin}/x_(y)?ds=T)"),
        ("{origin}/x#:~:text=a,b", "{origin}/x?ds=T#:~:text=a,b"),
        ("http://shop.site.localhost/x", "http://shop.site.localhost/x?ds=T"),
        (
            "{origin}/x, http://other.localhost/y and {origin}/z",
            "{origin}/x?ds=T, http://other.localhost/y and {origin}/z?ds=T",
        ),
        ("<b>Bold</b> <i>{origin}/<b>x</b></i>", None),
    )

    @pytest.mark.parametrize(("body", "expected"), TEXTS, ids=[row[0] for row in TEXTS])
    def test_only_the_parameter_is_new(
        self, page: Any, site: Website, body: str, expected: str | None
    ) -> None:
        visit(page, site, f"<p id=it>{body}</p>")
        plain, html = copy(page)
        if expected is None:
            assert "ds=" not in plain + html
        else:
            expected = expected.replace("{origin}", site.url(""))
            assert plain == expected.replace("T", one_token(plain), 9)

    # [what is selected, what the pasted markup still matches]: text, markup and blanks have to
    # arrive in another document as they were selected.
    MARKUP = (
        ("<p id=it><a href='/x'>{origin}/x</a></p>", "a[href^='http:']"),
        ("<p><a href='/x' id=it>{origin}/x</a></p>", "a[href^='http:']"),
        ("<p id=it>{origin}/x <a href='/y'>words</a></p>", "a[href^='http:']"),
        ("<p>See <b><i id=it>now {origin}/x</i></b></p>", "b > i"),
        ("<div id=it><p>One {origin}/x</p><p>Two <b>bold</b></p></div>", "p + p > b"),
        ("<ul id=it><li>{origin}/x</li><li>two</li></ul>", "ul > li + li"),
        ("<ol id=it><li>{origin}/x</li><li>two</li></ol>", "ol > li + li"),
        ("<ul><li id=it>{origin}/x</li><li>two</li></ul>", "body"),
        ("<table><tbody id=it><tr><td>a<td>{origin}/x<tr><td>c<td>d</table>", "tr + tr > td + td"),
        ("<table><tr><td>a<td id=it>{origin}/x<tr><td>c<td>d</table>", "body"),
        ("<p id=it>one<br>{origin}/x<br>three</p>", "br"),
        ("<p id=it style='white-space: pre-wrap'>one\n  {origin}/x\nthree</p>", "body"),
        ("<p id=it>{origin}/x&nbsp;&nbsp;and&nbsp;so</p>", "body"),
        ("<p id=it>{origin}/x <img alt='' src='/picture.png'></p>", "img[src^='http:']"),
        ("<p id=it>{origin}/x <svg><use href='#i'></use></svg></p>", "body"),
        ("<p id=it>{origin}/x <x-y>end</x-y></p>", "x-y"),
    )

    @pytest.mark.parametrize(("body", "markup"), MARKUP, ids=[row[0] for row in MARKUP])
    def test_it_reads_the_same_when_pasted(
        self, page: Any, site: Website, body: str, markup: str
    ) -> None:
        page.goto(site.add("/page", body, tag=""))
        native = (copy(page)[0], paste(page), page.locator(markup).count())
        visit(page, site, body)
        plain = copy(page)[0]
        one_token(plain)
        pasted = (without_tokens(plain), without_tokens(paste(page)), page.locator(markup).count())
        assert native[2] > 0
        assert pasted == native

    def test_links_in_the_markup_have_the_token_too(self, page: Any, site: Website) -> None:
        other = "http://other.localhost/"
        visit(page, site, f"<p id=it>{{origin}}/x <a href=/y>one</a> <a href={other}>two</a></p>")
        plain, html = copy(page)
        assert f'href="{site.url("/y")}?ds={one_token(plain)}"' in html
        assert f'href="{other}"' in html

    def test_the_address_without_www_is_the_same_site(self, page: Any, site: Website) -> None:
        url = site.url("/x")
        site.add("/page", f"<p id=it>{url}</p>")
        page.goto(site.url("/page", "www.site.localhost"))
        plain, _ = copy(page)
        assert plain == f"{url}?ds={one_token(plain)}"

    LEFT_ALONE = (
        ("no URL", "<p id=it>Some words of site.localhost</p>"),
        ("a link without a URL in its text", "<p id=it><a href='/x'>words</a></p>"),
        ("another host", "<p id=it>http://other.localhost/x</p>"),
        ("another host that names the site", "<p id=it>http://other.localhost/?u={origin}/x</p>"),
        ("code", "<p id=it>Run <code>curl {origin}/x</code> now</p>"),
        ("inside code", "<p><code id=it>curl {origin}/x</code></p>"),
        ("preformatted", "<pre id=it>curl {origin}/x\nls</pre>"),
        ("deep in code", "<pre><div><span id=it>curl {origin}/x</span></div></pre>"),
        ("editable", "<div id=it contenteditable>{origin}/x</div>"),
        ("deep in editable", "<div contenteditable><p id=it>{origin}/x</p></div>"),
        # What could not be given back as it was selected.
        ("in pieces", "<p id=it>{origin}/<wbr>x</p>"),
        ("capitals", "<p id=it style='text-transform: uppercase'>{origin}/x</p>"),
        ("hidden part", "<p id=it>{origin}/x <span hidden>no</span> <script>1</script></p>"),
        ("not selectable", "<p id=it>{origin}/x <i style='user-select: none'>no</i></p>"),
    )

    @pytest.mark.parametrize(("_name", "body"), LEFT_ALONE, ids=[row[0] for row in LEFT_ALONE])
    def test_the_rest_is_left_to_the_browser(
        self, page: Any, site: Website, _name: str, body: str
    ) -> None:
        page.goto(site.add("/page", body, tag=""))
        native = copy(page)
        visit(page, site, body)
        assert copy(page) == native
        nothing_was_sent(page, site, besides="pageview")

    @pytest.mark.parametrize("field", ["<input id=it value='{}'>", "<textarea id=it>{}</textarea>"])
    def test_fields_are_left_to_the_browser(self, page: Any, site: Website, field: str) -> None:
        url = site.url("/x")
        visit(page, site, f"<p>{url}</p>" + field.format(url))
        page.locator("#it").select_text()
        page.keyboard.press("Control+c")
        assert page.evaluate(CLIPBOARD)[0] == url
        nothing_was_sent(page, site, besides="pageview")

    def test_a_handler_of_the_page_goes_first(self, page: Any, site: Website) -> None:
        visit(page, site, self.LINK)
        page.evaluate("""document.addEventListener('copy', event => {
            event.clipboardData.setData('text/plain', 'theirs');
            event.preventDefault();
        })""")
        assert copy(page)[0] == "theirs"
        nothing_was_sent(page, site, besides="pageview")


class TestCopyButtons:
    def write(self, page: Any, text: str) -> str:
        page.evaluate("text => navigator.clipboard.writeText(text)", text)
        return str(page.evaluate(CLIPBOARD)[0])

    def test_the_url_gets_a_token_and_is_reported(self, page: Any, site: Website) -> None:
        visit(page, site, "text")
        written = self.write(page, site.url("/x?b=1#y"))
        token = one_token(written)
        assert written == site.url(f"/x?b=1&ds={token}#y")
        (share,) = site.wait("share")
        assert (share["m"], share["d"], share["u"]) == ("copy_button", token, site.url("/x"))
        assert tokens.decode(token, KEY).method == "copy_button"

    def test_a_url_in_a_text_too(self, page: Any, site: Website) -> None:
        visit(page, site, "text")
        written = self.write(page, f"Headline: {site.url('/x')}.")
        assert written == f"Headline: {site.url('/x')}?ds={one_token(written)}."

    @pytest.mark.parametrize(
        "text",
        ["words", "", "http://other.localhost/x", "/x", "curl {origin}/x | sh"],
    )
    def test_the_rest_stays_as_it_is(self, page: Any, site: Website, text: str) -> None:
        visit(page, site, "<pre>$ curl {origin}/x | sh</pre>")
        text = text.replace("{origin}", site.url(""))
        assert self.write(page, text) == text
        nothing_was_sent(page, site, besides="pageview")

    REFUSING = """<script>
        Clipboard.prototype.writeText = () => Promise.reject(new DOMException('no', 'Mine'));
    </script>"""

    def test_a_refusal_reaches_the_page_and_is_no_share(self, page: Any, site: Website) -> None:
        visit(page, site, self.REFUSING)
        name = page.evaluate(
            "url => navigator.clipboard.writeText(url).catch(error => error.name)", site.url("/x")
        )
        assert name == "Mine"
        nothing_was_sent(page, site, besides="pageview")

    def test_no_text_is_the_same_error_as_ever(self, page: Any, site: Website) -> None:
        visit(page, site, "text")
        name = page.evaluate("() => navigator.clipboard.writeText().catch(error => error.name)")
        assert name == "TypeError"


class TestShareSheet:
    STUB = """<script>
        window.shared = [];
        Navigator.prototype.share = function (data) {
            if (this !== navigator) throw new TypeError('Illegal invocation');
            shared.push(data);
            return data.title === 'abort'
                ? Promise.reject(new DOMException('', 'AbortError')) : Promise.resolve();
        };
    </script>"""

    def share(self, page: Any, data: Any) -> Any:
        page.evaluate("data => navigator.share(data).catch(() => {})", data)
        return page.evaluate("shared.at(-1)")

    @pytest.fixture
    def sharing(self, page: Any, site: Website) -> Any:
        visit(page, site, self.STUB)
        return page

    # [the URL that the page shares, the one that is shared, with T for the token]
    URLS = (
        ("{origin}/x?b=1#y", "{origin}/x?b=1&ds=T#y"),
        ("/x", "{origin}/x?ds=T"),
        ("", "{origin}/page?ds=T"),
    )

    @pytest.mark.parametrize(("url", "expected"), URLS)
    def test_the_url_gets_a_token(
        self, sharing: Any, site: Website, url: str, expected: str
    ) -> None:
        url = url.replace("{origin}", site.url(""))
        shared = self.share(sharing, {"title": "A title", "url": url})
        (share,) = site.wait("share")
        assert share["m"] == "share_sheet"
        expected = expected.replace("{origin}", site.url("")).replace("T", share["d"])
        assert shared == {"title": "A title", "url": expected}
        assert tokens.decode(share["d"], KEY).method == "share_sheet"

    def test_a_url_in_the_text_has_the_same_one(self, sharing: Any, site: Website) -> None:
        url = site.url("/x")
        shared = self.share(sharing, {"text": f"Look: {url}!", "url": url})
        token = site.wait("share")[0]["d"]
        assert shared == {"text": f"Look: {url}?ds={token}!", "url": f"{url}?ds={token}"}

    def test_breaking_off_is_no_share(self, sharing: Any, site: Website) -> None:
        self.share(sharing, {"title": "abort", "url": site.url("/x")})
        nothing_was_sent(sharing, site, besides="pageview")

    @pytest.mark.parametrize(
        "data",
        [{"text": "words"}, {"url": "http://other.localhost/x"}, {"url": "http://[broken"}],
    )
    def test_the_rest_is_shared_as_it_is(self, sharing: Any, site: Website, data: Any) -> None:
        assert self.share(sharing, data) == data
        nothing_was_sent(sharing, site, besides="pageview")


class TestPrivacy:
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
        tracker = [site.url(path, "127.0.0.1") for path in ("/ds.js", "/c")]
        assert sorted(asked) == sorted([site.url("/page"), *tracker])


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
        page.wait_for_function("performance.getEntriesByType('resource').length >= 4")
        page.evaluate("darksocial('interaction', 'video')")
        site.wait("interaction")

    def test_a_tracker_out_of_reach_harms_nobody(self, page: Any, site: Website) -> None:
        tag = site.tag.replace("data-site", 'data-api="http://127.0.0.1:1/c" data-site')
        page.goto(site.add("/page", "<p id=it>{origin}/x</p>", tag))
        assert "ds=" in copy(page)[0]
