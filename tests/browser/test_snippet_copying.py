"""Copying a selection in a real Chromium: what is tagged, and what is left to the browser."""

from __future__ import annotations

from typing import Any

import pytest
from clipboard import (
    CLIPBOARD,
    KEPT,
    NOTHING,
    READY,
    SELECT,
    copy,
    nothing_was_sent,
    one_token,
    paste,
    said,
    share_of,
    visit,
    without_tokens,
)
from website import KEY, Website

from darksocial.rules import tokens

pytestmark = pytest.mark.browser


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


class TestTheMoment:
    """A copy is done at once: what can be done before it or after it is."""

    LINK = "<p id=it>Read <a href='/x'>{origin}/x</a></p>"

    def test_the_request_comes_after_the_copy(self, page: Any, site: Website) -> None:
        visit(page, site, self.LINK)
        page.evaluate("""() => {
            window.order = [];
            const own = fetch;
            window.fetch = (...given) => { order.push('request'); return own(...given); };
            addEventListener('copy', () => order.push('copy'));
        }""")
        copy(page)
        site.wait("share")
        assert page.evaluate("order") == ["copy", "request"]

    def test_it_comes_at_once_where_the_page_is_left(self, page: Any, site: Website) -> None:
        visit(page, site, self.LINK)
        page.evaluate("window.setTimeout = () => 0")
        token = one_token(copy(page)[0])
        page.goto(site.add("/next", "text", tag=""))
        share_of(site, token, "copy")


# Resolves when a selection has been prepared: from then on the page is watched for changes.
PREPARED = """selector => new Promise(done => {
    const own = MutationObserver.prototype.observe;
    MutationObserver.prototype.observe = function (...given) {
        setTimeout(done);
        return own.apply(this, given);
    };
    getSelection().removeAllRanges();  // the same selection again would be no change
    getSelection().selectAllChildren(document.querySelector(selector));
})"""


class TestPrepared:
    """A selection that has stayed for a moment is ready, and is copied as it then is."""

    BODY = "<p id=it>Read <a href='x'>{origin}/x</a> <b>now</b></p><p id=other>{origin}/y</p>"

    def prepared(self, page: Any, site: Website, body: str = BODY) -> None:
        visit(page, site, body)
        page.evaluate(PREPARED, "#it")

    def copied(self, page: Any) -> tuple[str, str]:
        page.keyboard.press("Control+c")
        plain, html = page.evaluate(CLIPBOARD)
        return plain, html

    def test_it_leaves_no_trace(self, page: Any, site: Website) -> None:
        page.goto(site.add("/page", self.BODY))
        page.evaluate("navigator.clipboard.writeText('before')")
        page.evaluate(READY)
        markup = page.inner_html("html")
        page.evaluate(PREPARED, "#it")
        assert page.evaluate("`${getSelection()}`") == f"Read {site.url('/x')} now"
        assert page.evaluate(CLIPBOARD) == ["before", ""]
        assert page.inner_html("html") == markup
        assert page.evaluate(KEPT) == NOTHING
        nothing_was_sent(page, site, besides="pageview")

    def test_each_copy_of_it_has_a_token_of_its_own(self, page: Any, site: Website) -> None:
        self.prepared(page, site)
        copies = [self.copied(page)]
        page.evaluate(PREPARED, "#it")
        copies += [self.copied(page), self.copied(page)]
        made = {one_token(plain) for plain, _ in copies}
        assert len(made) == 3
        shares = site.wait("share", 3)
        assert {share["d"] for share in shares} == made
        assert {(share["u"], share["m"]) for share in shares} == {(site.url("/x"), "copy")}
        assert {tokens.decode(token, KEY).method for token in made} == {"copy"}
        for plain, html in copies:
            assert plain == f"Read {site.url('/x')}?ds={one_token(plain)} now"
            assert f'href="{site.url("/x")}?ds={one_token(plain)}"' in html
            assert "<b>now</b>" in html

    # [what happens before it is copied; the text and the link that are copied then, with T for
    # the token]
    CHANGES = (
        ("1", "Read {origin}/x?ds=T now", "{origin}/x?ds=T"),
        (
            "document.querySelector('a').href = '/new'",
            "Read {origin}/x?ds=T now",
            "{origin}/new?ds=T",
        ),
        (
            "document.querySelector('b').firstChild.data = 'then'",
            "Read {origin}/x?ds=T then",
            "{origin}/x?ds=T",
        ),
        ("history.pushState(1, '', '/a/b')", "Read {origin}/x?ds=T now", "{origin}/a/x?ds=T"),
        (
            "document.querySelector('script').dataset.carrier = 'fragment'",
            "Read {origin}/x?ds=T now",
            "{origin}/x?ds=T",
        ),
        (
            "onkeydown = ({key}) => key === 'c' && document.querySelector('b').append('!')",
            "Read {origin}/x?ds=T now!",
            "{origin}/x?ds=T",
        ),
    )

    @pytest.mark.parametrize(("script", "text", "link"), CHANGES, ids=[row[0] for row in CHANGES])
    def test_it_is_copied_as_it_is_by_then(
        self, page: Any, site: Website, script: str, text: str, link: str
    ) -> None:
        self.prepared(page, site)
        page.evaluate(f"() => {{ {script} }}")
        plain, html = self.copied(page)
        carrier = "#ds=" if "carrier" in script else "?ds="

        def expected(template: str) -> str:
            whole = template.replace("{origin}", site.url("")).replace("?ds=", carrier)
            return whole.replace("ds=T", f"ds={one_token(plain)}")

        assert plain == expected(text)
        assert f'href="{expected(link)}"' in html
        share_of(site, one_token(plain), "copy")

    def test_what_is_selected_last_is_copied(self, page: Any, site: Website) -> None:
        self.prepared(page, site)
        select = f"({SELECT})('#other')"
        page.evaluate(f"() => {{ onkeydown = () => {{ {select} }} }}")
        plain, _ = self.copied(page)
        assert plain == f"{site.url('/y')}?ds={one_token(plain)}"

    def test_what_a_style_hides_by_then_is_left_to_the_browser(
        self, page: Any, site: Website
    ) -> None:
        self.prepared(page, site, "<style></style>" + self.BODY)
        page.evaluate("() => { document.styleSheets[0].insertRule('b { display: none }') }")
        assert self.copied(page)[0] == f"Read {site.url('/x')}"
        nothing_was_sent(page, site, besides="pageview")

    def test_owners_who_leave_themselves_out_by_then(self, fresh: Any, site: Website) -> None:
        self.prepared(fresh, site)
        said(fresh, "exclude", True)
        assert self.copied(fresh)[0] == f"Read {site.url('/x')} now"
        nothing_was_sent(fresh, site, besides="pageview")

    def test_nothing_that_acts_when_it_is_cloned_is_prepared(
        self, page: Any, site: Website
    ) -> None:
        visit(page, site, "<p id=it>{origin}/x <x-y>end</x-y></p>")
        page.evaluate("""() => {
            window.made = 0;
            customElements.define('x-y', class extends HTMLElement {
                constructor() { super(); made++; }
            });
        }""")
        # A timer of the page's that ends after ours.
        page.evaluate(f"() => new Promise(done => {{ ({SELECT})('#it'); setTimeout(done, 300) }})")
        assert page.evaluate("made") == 1
        assert "?ds=" in self.copied(page)[0]
