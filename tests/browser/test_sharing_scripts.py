"""Pages whose scripts copy or share, in a real Chromium: buttons and the share sheet."""

from __future__ import annotations

import re
from typing import Any

import pytest
from clipboard import CLIPBOARD, clipboard, nothing_was_sent, one_token, share_of, visit
from website import KEY, Website

from darksocial.rules import tokens

pytestmark = pytest.mark.browser


class TestWriteText:
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


class TestOtherCopies:
    FIELD = """<textarea id=it></textarea><script>
        function copy(text) {
            it.value = text;
            it.select();
            return document.execCommand('copy');
        }
    </script>"""

    def test_out_of_a_field_that_the_script_fills(self, page: Any, site: Website) -> None:
        visit(page, site, self.FIELD)
        assert page.evaluate("url => copy(url)", site.url("/x#y")) is True
        token = one_token(clipboard(page)[0])
        assert clipboard(page)[0] == site.url(f"/x?ds={token}#y")
        assert page.input_value("#it") == site.url("/x#y")
        assert share_of(site, token, "copy_button")["u"] == site.url("/x")

    @pytest.mark.parametrize("text", ["words", "http://other.localhost/x", "curl {origin}/x | sh"])
    def test_other_texts_in_the_field_stay(self, page: Any, site: Website, text: str) -> None:
        visit(page, site, self.FIELD + "<pre>curl {origin}/x | sh</pre>")
        text = text.replace("{origin}", site.url(""))
        page.evaluate("text => copy(text)", text)
        assert clipboard(page)[0] == text
        nothing_was_sent(page, site, besides="pageview")

    STOPPING = """<p><span id=it>{origin}/x</span></p><script>
        function copy() {
            it.addEventListener('copy', event => event.stopPropagation());
            getSelection().selectAllChildren(it);
            document.execCommand('copy');
        }
    </script>"""

    def test_a_selection_whose_copy_event_is_stopped(self, page: Any, site: Website) -> None:
        visit(page, site, self.STOPPING)
        page.evaluate("copy()")
        share_of(site, one_token(clipboard(page)[0]), "copy_button")

    OWN = """<p id=it>words</p><script>
        function copy(url) {
            document.addEventListener('copy', event => {
                event.clipboardData.setData('text/plain', url);
                event.preventDefault();
            });
            document.execCommand('copy');
        }
    </script>"""

    def test_what_the_page_puts_there_itself_is_its_own(self, page: Any, site: Website) -> None:
        visit(page, site, self.OWN)
        page.evaluate("url => copy(url)", site.url("/x"))
        assert clipboard(page)[0] == site.url("/x")

    WRITE = """async (flavours) => {
        const blobs = Object.entries(flavours).map(([type, text]) =>
            [type, new Blob([text], {type})]);
        await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    }"""

    def test_both_flavours_that_a_script_writes(self, page: Any, site: Website) -> None:
        visit(page, site, "text")
        url = site.url("/x?b=1")
        html = f'<a href="{url}">Title</a>'
        page.evaluate(self.WRITE, {"text/plain": f"Title {url}", "text/html": html})
        plain, markup = clipboard(page)
        token = one_token(plain)
        assert plain == f"Title {url}&ds={token}"
        assert re.search(rf'href="{re.escape(url)}&(amp;)?ds={token}"', markup)
        share_of(site, token, "copy_button")

    def test_an_item_without_a_url_is_written_as_it_is(self, page: Any, site: Website) -> None:
        visit(page, site, "text")
        page.evaluate(self.WRITE, {"text/plain": "words http://other.localhost/"})
        assert page.evaluate(CLIPBOARD)[0] == "words http://other.localhost/"
        nothing_was_sent(page, site, besides="pageview")


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
