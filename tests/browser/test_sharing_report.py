"""Each way of sharing, all the way: gesture, what goes out, a second profile, the report.

All tests share one running `darksocial serve --demo`; each looks at what its visits add.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from served import Served, until, visits

from darksocial.rules import tokens

pytestmark = pytest.mark.browser

PATIENCE = 60
ARTICLE = "city/night-train"
_numbers = itertools.count(220)

ADD = "html => document.body.insertAdjacentHTML('afterbegin', html)"
COPY_FIELD = """() => {
    const field = document.body.appendChild(document.createElement('textarea'));
    field.value = location.href;
    field.select();
    document.execCommand('copy');
}"""
WRITE = """async () => {
    const text = new Blob([location.href], { type: 'text/plain' });
    await navigator.clipboard.write([new ClipboardItem({ 'text/plain': text })]);
}"""


def linked(reader: Any, href: str) -> None:
    """Put a link to the top of the page."""
    reader.evaluate(ADD, f'<p><a id=link href="{href}">pass on</a> <b id=end>here</b></p>')


def copy_field(reader: Any) -> str:
    reader.evaluate(COPY_FIELD)
    return str(reader.evaluate("navigator.clipboard.readText()"))


def write(reader: Any) -> str:
    reader.evaluate(WRITE)
    return str(reader.evaluate("navigator.clipboard.readText()"))


def share_link(reader: Any) -> str:
    linked(reader, f"https://wa.me/?text={reader.url}")
    reader.evaluate("""() => {
        link.onclick = event => { window.given = link.href; event.preventDefault(); };
    }""")
    reader.click("#link")
    return unquote(reader.evaluate("given")).partition("?text=")[2]


def context_menu(reader: Any) -> str:
    linked(reader, reader.url)
    reader.click("#link", button="right")
    return str(reader.evaluate("link.href"))


def drag(reader: Any) -> str:
    linked(reader, reader.url)
    reader.evaluate("""() => {
        end.ondragover = event => event.preventDefault();
        end.ondrop = event => {
            window.given = event.dataTransfer.getData('text/uri-list');
            event.preventDefault();
        };
    }""")
    reader.drag_and_drop("#link", "#end")
    return str(reader.evaluate("given"))


def print_page(reader: Any) -> str:
    linked(reader, reader.url)
    links = re.findall(r"/URI \((.*?)\)", reader.pdf().decode("latin-1"))
    return next(link for link in links if f"/{ARTICLE}?ds=" in link)


def qr(reader: Any) -> str:
    return str(reader.evaluate("darksocial.qr()"))


def address_bar(reader: Any) -> str:
    reader.evaluate("darksocial('consent', 'granted')")
    return str(reader.url)


WAYS: tuple[tuple[Callable[[Any], str], str, int], ...] = (
    (copy_field, "copy_button", 1),
    (write, "copy_button", 1),
    (share_link, "share_link", 1),
    (context_menu, "context_menu", 0),
    (drag, "drag", 1),
    (print_page, "print", 1),
    (qr, "qr", 1),
    (address_bar, "address_bar", 0),
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    running = Served(tmp_path_factory.mktemp("served") / "store")
    try:
        running.start()
        yield running
    finally:
        if running.running:
            running.stop()


@pytest.fixture
def visitor(profiles: Any) -> Callable[[], Any]:
    """Make a visitor: a tab in a profile of its own, in a browser that nobody else has."""

    def make() -> Any:
        version = next(_numbers)
        agent = (
            f"Mozilla/5.0 (X11; Linux x86_64; rv:{version}.0) Gecko/20100101 Firefox/{version}.0"
        )
        return profiles.new(user_agent=agent).new_page()

    return make


def opened(page: Any, address: str) -> None:
    """Open a page of the demo site and wait until the tracker has its view."""
    with page.expect_response("**/c") as answer:
        page.goto(address)
    assert answer.value.status == 204
    page.evaluate("darksocial()")


@pytest.mark.parametrize(("act", "method", "reported"), WAYS, ids=[row[0].__name__ for row in WAYS])
def test_what_was_passed_on_is_dark_social(
    served: Served,
    visitor: Callable[[], Any],
    act: Callable[[Any], str],
    method: str,
    reported: int,
) -> None:
    before = served.settled()
    reader, friend = visitor(), visitor()
    opened(reader, served.address("demo") + ARTICLE)
    link = act(reader)
    key = reader.locator("script[data-site]").first.get_attribute("data-site")
    token = link.partition("?ds=")[2]
    assert link == f"{served.address('demo')}{ARTICLE}?ds={token}"
    assert tokens.decode(token, str(key)).method == method

    opened(friend, link)
    evidence = {"channel": "dark_social", "evidence": "token", "reported_channel": "Direct"}
    wanted = visits(before, **evidence) + 1
    until(lambda: visits(served.figures(), **evidence) == wanted, PATIENCE)
    after = served.settled()
    assert after["shares"] == before["shares"] + reported
    assert after["visits"] == before["visits"] + 2
