"""Pages that are hard on a guest: frames, shadow trees, odd addresses, locked doors, huge texts."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from clipboard import (
    CLIPBOARD,
    SELECT,
    clipboard,
    copy,
    nothing_was_sent,
    one_token,
    visit,
    with_options,
)
from website import KEY, Website

pytestmark = pytest.mark.browser

SHARE = "https://wa.me/?text="


class TestTags:
    def test_of_two_sites_the_first_one_is_served(self, page: Any, site: Website) -> None:
        page.goto(site.add("/page", "text", site.tag + site.tag.replace(KEY, "another")))
        page.evaluate("darksocial()")
        page.evaluate("history.pushState(1, '', '/b')")
        site.wait("pageview", 2)
        assert {batch["k"] for batch in site.batches} == {KEY}

    def test_hosts_may_be_given_with_blanks_around(self, page: Any, site: Website) -> None:
        visit(page, site, "<a href='mailto:me@site.localhost'>me</a>", hosts=" ")
        page.click("a", button="right")
        assert page.evaluate("document.querySelector('a').href") == "mailto:me@site.localhost"


class TestFrames:
    def test_a_page_in_a_sandbox_is_viewed_like_others(self, page: Any, site: Website) -> None:
        site.add("/inner", "<p>inner</p>")
        page.goto(site.add("/page", "<iframe sandbox=allow-scripts src='/inner'></iframe>", tag=""))
        assert site.wait("pageview")[0]["u"] == site.url("/inner")

    # Documents without an address of their own, made of HTML in `html`.
    NOWHERE = (
        "frame.srcdoc = html",
        "frame.src = 'data:text/html,' + encodeURIComponent(html)",
        "frame.src = URL.createObjectURL(new Blob([html], { type: 'text/html' }))",
    )

    @pytest.mark.parametrize("address", NOWHERE)
    def test_a_document_without_a_host_is_no_page(
        self, page: Any, site: Website, address: str
    ) -> None:
        page.goto(site.add("/page", "<iframe></iframe>", tag=""))
        html = f"{site.tag}<p>secret</p>"
        page.evaluate(
            f"""html => new Promise(done => {{
            const frame = document.querySelector('iframe');
            frame.onload = done;
            {address};
        }})""",
            html,
        )
        nothing_was_sent(page, site)
        assert site.asked == ["/ds.js"]


class TestShadowTrees:
    BODY = """<x-share></x-share><script>
        const root = document.querySelector('x-share').attachShadow({ mode: 'MODE' });
        root.innerHTML = `<a href="HREF"><b>share</b></a>`;
        window.link = root.querySelector('a');
        addEventListener('click', event => { window.went = link.href; event.preventDefault() });
    </script>"""

    def body(self, mode: str, href: str) -> str:
        return self.BODY.replace("MODE", mode).replace("HREF", href)

    def test_a_share_link_in_one(self, page: Any, site: Website) -> None:
        visit(page, site, self.body("open", SHARE + quote(site.url("/x"))))
        page.click("b")
        assert site.wait("share")[0]["d"] in page.evaluate("went")

    def test_the_menu_of_a_link_in_one(self, page: Any, site: Website) -> None:
        visit(page, site, self.body("open", "/x"))
        page.click("b", button="right")
        one_token(page.evaluate("link.href"))

    def test_a_closed_one_keeps_its_links_to_itself(self, page: Any, site: Website) -> None:
        visit(page, site, self.body("closed", SHARE + quote(site.url("/x"))))
        page.click("x-share")
        assert "ds" not in page.evaluate("went")

    FIELD = """<x-copy></x-copy><script>
        const root = document.querySelector('x-copy').attachShadow({ mode: 'open' });
        root.innerHTML = '<textarea></textarea>';
        function copy(text) {
            const field = root.firstChild;
            field.value = text;
            field.select();
            return document.execCommand('copy');
        }
    </script>"""

    def test_a_field_that_a_script_copies_out_of(self, page: Any, site: Website) -> None:
        visit(page, site, self.FIELD)
        page.evaluate("url => copy(url)", site.url("/x"))
        assert one_token(clipboard(page)[0]) == site.wait("share")[0]["d"]


class TestAddresses:
    # [the text of a copy button, the same with T for the token]
    TEXTS = (
        ("http://site.localhost:1/x", "http://site.localhost:1/x?ds=T"),
        ("http://me:secret@site.localhost/x", "http://me:secret@site.localhost/x?ds=T"),
        ("http://süd.site.localhost/ü", "http://süd.site.localhost/ü?ds=T"),
        ("HTTP://SITE.localhost/X", "HTTP://SITE.localhost/X?ds=T"),
        ("http://site.localhost", "http://site.localhost?ds=T"),
        ("http://site.localhost/#/route?a=1", "http://site.localhost/?ds=T#/route?a=1"),
    )

    @pytest.mark.parametrize(("text", "expected"), TEXTS)
    def test_of_the_site_in_other_forms(
        self, page: Any, site: Website, text: str, expected: str
    ) -> None:
        visit(page, site, "text")
        page.evaluate("text => navigator.clipboard.writeText(text)", text)
        (share,) = site.wait("share")
        assert page.evaluate(CLIPBOARD)[0] == expected.replace("ds=T", f"ds={share['d']}")
        assert "secret" not in json.dumps(site.batches)

    def test_as_objects(self, page: Any, site: Website) -> None:
        visit(page, site, "<script>window.open = url => { window.went = url }</script>")
        url = site.url("/x")
        page.evaluate("url => navigator.clipboard.writeText(new URL(url))", url)
        one_token(page.evaluate(CLIPBOARD)[0])
        page.evaluate("url => open(new URL(url))", SHARE + quote(url))
        assert {share["m"] for share in site.wait("share", 2)} == {"copy_button", "share_link"}
        assert "ds" in page.evaluate("went")

    def test_scripts_that_are_links_stay_scripts(self, page: Any, site: Website) -> None:
        script = f"javascript:void(window.ran = '{SHARE}{{origin}}/x?a')"
        visit(page, site, f'<a href="{script}">run</a>')
        page.click("a")
        page.wait_for_function("window.ran")
        assert page.evaluate("ran") == f"{SHARE}{site.url('/x')}?a"
        nothing_was_sent(page, site, besides="pageview")

    def test_relative_to_another_base(self, page: Any, site: Website) -> None:
        base = f"<base href='{site.url('/deep/')}'>"
        visit(page, site, f"{base}<a href='x'>words</a>")
        page.click("a", button="right")
        href = page.evaluate("document.querySelector('a').href")
        assert href == f"{site.url('/deep/x')}?ds={one_token(href)}"
        page.mouse.move(300, 300)
        assert page.evaluate("document.querySelector('a').getAttribute('href')") == "x"


class TestLockedDoors:
    FROZEN = """<script>
        Object.defineProperty(history, 'pushState', { value: history.pushState });
        Object.freeze(history);
        Object.freeze(document);
        if (navigator.clipboard) Object.freeze(navigator.clipboard);
        Object.defineProperty(window, 'open', { value: window.open });
        Object.defineProperty(window, 'navigation', { value: undefined });
    </script>"""

    def test_where_nothing_can_be_watched_the_rest_works(self, page: Any, site: Website) -> None:
        visit(page, site, self.FROZEN + "<p id=it>{origin}/x</p>")
        assert "?ds=" in copy(page)[0]
        page.evaluate("darksocial('interaction', 'video')")
        site.wait("interaction")

    def test_trusted_types_are_respected(self, page: Any, site: Website) -> None:
        site.headers = {"Content-Security-Policy": "require-trusted-types-for 'script'"}
        visit(page, site, "<p id=it>{origin}/x</p>")
        assert "?ds=" in copy(page)[0]


class TestClipboard:
    PICTURE = """async () => {
        const canvas = new OffscreenCanvas(1, 1);
        canvas.getContext('2d').fillRect(0, 0, 1, 1);
        const picture = await canvas.convertToBlob();
        const text = Promise.resolve(new Blob([location.href], { type: 'text/plain' }));
        const data = { 'image/png': picture, 'text/plain': text };
        await navigator.clipboard.write([new ClipboardItem(data)]);
        const [item] = await navigator.clipboard.read();
        const plain = await (await item.getType('text/plain')).text();
        return [item.types.toSorted(), plain];
    }"""

    def test_a_picture_beside_a_text(self, page: Any, site: Website) -> None:
        visit(page, site, "text")
        types, plain = page.evaluate(self.PICTURE)
        assert types == ["image/png", "text/plain"]
        assert plain == site.url(f"/page?ds={site.wait('share')[0]['d']}")

    LONG = """() => {
        const line = `word ${location.origin}/x `.repeat(9) + '<p>';
        it.innerHTML = line.repeat(400);
    }"""

    def test_a_huge_selection(self, page: Any, site: Website) -> None:
        visit(page, site, "<div id=it></div>")
        page.evaluate(self.LONG)
        page.evaluate(SELECT, "#it")
        page.keyboard.press("Control+c")
        (share,) = site.wait("share")
        plain = page.evaluate(CLIPBOARD)[0]
        assert len(re.findall(rf"/x\?ds={share['d']} word", plain)) > 3_100
        assert plain.count("?ds=") == 9 * 400


class TestRouters:
    def test_a_hash_router_keeps_its_routes(self, page: Any, site: Website) -> None:
        page.goto(site.add("/page", "text", with_options(site, strip="on")) + "?ds=abc#/list?a=1")
        assert site.wait("pageview")[0]["u"] == site.url("/page#/list?a=1")
        assert page.url == site.url("/page#/list?a=1")
        page.evaluate("location.hash = '/item/7'")
        assert [view["u"] for view in site.wait("pageview", 2)][1] == site.url("/page#/item/7")
        url = page.evaluate("darksocial.qr()")
        assert url == site.url(f"/page?ds={one_token(url)}#/item/7")

    def test_a_tag_that_a_body_swap_runs_again_works_once(self, page: Any, site: Website) -> None:
        visit(page, site, "text")
        page.evaluate("""() => new Promise(done => {
            const { src, dataset } = document.querySelector('script[data-site]');
            const script = document.createElement('script');
            Object.assign(script.dataset, dataset);
            script.onload = done;
            script.src = src;
            document.body.append(script);
        })""")
        page.evaluate("history.pushState(1, '', '/b')")
        site.wait("pageview", 2)
