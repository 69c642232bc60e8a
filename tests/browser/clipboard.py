"""What the browser tests do with the clipboard, and with what was copied."""

from __future__ import annotations

import json
import re
from typing import Any

from website import KEY, Event, Website

from darksocial.rules import tokens

TOKEN = re.compile(r"[?&#]ds=([0-9a-zA-Z]+)")
SELECT = "selector => getSelection().selectAllChildren(document.querySelector(selector))"
# A clipboard that changes while it is read is read again: a copy may still be under way.
CLIPBOARD = """async () => {
    for (;;) {
        const [item] = await navigator.clipboard.read();
        const read = async type =>
            item.types.includes(type) ? (await item.getType(type)).text() : '';
        try {
            return [await read('text/plain'), await read('text/html')];
        } catch (error) {
            if (error.name !== 'InvalidStateError') throw error;
        }
    }
}"""


READY = "window.darksocial && darksocial()"  # resolves when the second script is there
KEPT = """async () => [
    localStorage.length, sessionStorage.length, document.cookie,
    (await indexedDB.databases()).length, (await caches.keys()).length, window.name,
]"""
NOTHING = [0, 0, "", 0, 0, ""]


def without_tokens(text: str) -> str:
    return re.sub(r"\?ds=[0-9a-zA-Z]+(?![&0-9a-zA-Z])|&ds=[0-9a-zA-Z]+", "", text)


def copy(page: Any, selector: str = "#it") -> tuple[str, str]:
    """Select what is in an element, copy it with the keyboard, and return both flavours."""
    page.evaluate(READY)
    page.evaluate(SELECT, selector)
    page.keyboard.press("Control+c")
    return clipboard(page)


def clipboard(page: Any) -> tuple[str, str]:
    """Return both flavours of what is in the clipboard."""
    plain, html = page.evaluate(CLIPBOARD)
    return plain, html


def paste(page: Any) -> str:
    """Paste into an editable page and return the text that is seen there."""
    page.goto("data:text/html,<div contenteditable id=it></div>")
    page.focus("#it")
    page.keyboard.press("Control+v")
    return str(page.inner_text("#it"))


def one_token(text: str) -> str:
    """Return the token in a text, all URLs of which have the same one."""
    found = set(TOKEN.findall(text))
    assert len(found) == 1, text
    return str(found.pop())


def visit(page: Any, site: Website, body: str, path: str = "/page", **tag: str) -> Event:
    """Open a page with this body, wait for both scripts and return its page view.

    `tag` are more data attributes.
    """
    page.goto(site.add(path, body, with_options(site, **tag)))
    page.evaluate(READY)
    return site.wait("pageview")[0]


def said(page: Any, *command: Any) -> None:
    """Give a command and wait until it is done."""
    page.evaluate("command => darksocial(...command)", list(command))


def share_of(site: Website, token: str, method: str) -> Event:
    """Return the one share, which has this token and method."""
    (share,) = site.wait("share")
    assert (share["d"], share["m"]) == (token, method)
    assert tokens.decode(token, KEY).method == method
    return share


def with_options(site: Website, **options: str) -> str:
    """Return the site's tag with more data attributes."""
    added = "".join(f' data-{name}="{value}"' for name, value in options.items())
    return site.tag.replace(" data-site", f"{added} data-site")


def nothing_was_sent(page: Any, site: Website, besides: str = "none") -> None:
    """Assert that the page sent no event, of other kinds than `besides`, until now."""
    mark = {"k": "mark", "e": [{"t": "mark"}]}
    page.evaluate(
        "([url, body]) => fetch(url, {method: 'POST', body})",
        [site.url("/c"), json.dumps(mark)],
    )
    site.wait("mark")
    assert [event for event in site.events if event["t"] not in ("mark", besides)] == []
