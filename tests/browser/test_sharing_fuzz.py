"""For any selection: what is pasted differs from what was copied only in the parameter.

Random documents and selections, copied once without and once with the snippet. The seed makes
them the same each time.
"""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from clipboard import READY, TOKEN, clipboard, with_options
from website import Website

pytestmark = pytest.mark.browser

SEEDS = range(6)
ROUNDS = 12

TEXTS = ("word ", "Über ", "日本 ", "(", ") ", ", ", ". ", "&nbsp;", "“", "” ", "😀 ", "&lt;b&gt; ")
URLS = (
    "{origin}/x",
    "{origin}/x?b=1&amp;c=ü",
    "{origin}/x?ds=old#part",
    "{origin}/wiki/Name_(word)",
    "{origin}/x#:~:text=a,b",
    "http://other.localhost/y?u={origin}/x",
    "http://shop.site.localhost/",
)
INLINE = ("b", "i", "span", "code", "mark", "a href='/y'", "a href='http://other.localhost/'")
BLOCKS = ("p", "div", "pre", "blockquote", "ul><li", "ol><li", "h2", "table><tr><td", "section")

# Selects from one text node's character to another's; numbers are shares of what there is.
SELECT = """([from, to]) => {
    const walker = document.createTreeWalker(document.getElementById('it'), NodeFilter.SHOW_TEXT);
    const places = [];
    while (walker.nextNode()) {
        const node = walker.currentNode;
        for (let at = 0; at <= node.length; at++) places.push([node, at]);
    }
    const [start, end] = [from, to].map(share => places[Math.floor(share * (places.length - 1))]);
    getSelection().setBaseAndExtent(...start, ...end);
}"""
# What the markup says. Blanks between blocks are the browser's own matter: they are not compared.
READ = """html => {
    const { body } = new DOMParser().parseFromString(html, 'text/html');
    const bare = url => url.replace(/([?&])ds=[0-9a-zA-Z]+(&|$|(?=#))/, (_, a, b) => b && a)
        .replace(/[?&]$/, '');
    return {
        text: body.textContent.replace(/\\s/g, ''),
        links: [...body.querySelectorAll('a[href]')].map(link => bare(link.href)),
        items: body.querySelectorAll('li').length,
    };
}"""


def inline(generator: random.Random, depth: int) -> str:
    """Return random text, URLs and inline elements."""
    parts = []
    for _ in range(generator.randrange(1, 5)):
        kind = generator.random()
        if kind < 0.5 or depth == 0:
            parts.append(generator.choice(TEXTS))
        elif kind < 0.8:
            parts.append(generator.choice(URLS) + generator.choice((" ", ", ", ". ", "")))
        else:
            tag = generator.choice(INLINE)
            parts.append(f"<{tag}>{inline(generator, depth - 1)}</{tag.split()[0]}>")
    return "".join(parts)


def document(generator: random.Random) -> str:
    """Return some random blocks."""
    parts = []
    for _ in range(generator.randrange(1, 5)):
        tag = generator.choice(BLOCKS)
        closing = "".join(f"</{name}>" for name in reversed(tag.split("><")))
        parts.append(f"<{tag}>{inline(generator, 2)}{closing}")
    return f"<div id=it>{''.join(parts)}</div>"


def copied(page: Any, selection: list[float]) -> tuple[str, Any, bool]:
    """Copy a selection; return the text, what the markup says, and whether a token was put in."""
    page.evaluate(SELECT, selection)
    page.evaluate("navigator.clipboard.writeText('nothing')")
    page.keyboard.press("Control+c")
    plain, html = clipboard(page)
    tokens = TOKEN.findall(plain + html)
    return plain, page.evaluate(READ, html), any(len(token) > len("old") for token in tokens)


@pytest.mark.parametrize("seed", SEEDS)
def test_only_the_parameter_is_new(page: Any, site: Website, seed: int) -> None:
    generator = random.Random(seed)
    body = document(generator)
    bare, tagged = site.add("/bare", body, tag=""), site.add("/page", body, with_options(site))
    selections = [sorted((generator.random(), generator.random())) for _ in range(ROUNDS)]
    selections.append([0.0, 1.0])
    page.goto(bare)
    native = [copied(page, selection) for selection in selections]
    page.goto(tagged)
    page.evaluate(READY)  # what is copied earlier is copied once more when the second script comes
    shared = 0
    for selection, (plain, markup, _) in zip(selections, native, strict=True):
        with_token, with_token_markup, has_token = copied(page, selection)
        shared += has_token
        tokens = "|".join({"old", *TOKEN.findall(with_token)})
        where = f"{body}\n{selection}"
        for was, now in ((plain, with_token), (markup["text"], with_token_markup["text"])):
            bare = re.sub(f"[?&]ds=({tokens}|o?l?d?)", "", now)
            assert bare == re.sub("[?&]ds=o?l?d?", "", was), where
        assert with_token_markup["links"] == markup["links"], where
        assert with_token_markup["items"] == markup["items"], where
    if shared:
        site.wait("share", shared)
