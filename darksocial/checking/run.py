"""All checks of one page, in the order in which an owner would repair what they find."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urldefrag

from darksocial.checking import surroundings, tag
from darksocial.checking.fetch import Fetcher, FetchError
from darksocial.checking.finding import Finding, error, note, ok, said
from darksocial.checking.installation import Installation, Known
from darksocial.checking.page import Page, read
from darksocial.errors import Said

Check = Callable[[Installation], Iterable[Finding]]

CHECKS: tuple[tuple[str, Check], ...] = (
    ("tag", tag.check_tag),
    ("consent", tag.check_consent),
    ("script", tag.check_script),
    ("csp", surroundings.check_policies),
    ("tracker", surroundings.check_tracker),
    ("parameter", surroundings.check_parameter),
    ("blockers", surroundings.check_blocklists),
    ("referrer", surroundings.check_referrer_policy),
    ("fetch-site", surroundings.check_server_timing),
)


def check(url: str, fetcher: Fetcher, known: Known) -> Iterator[Finding]:
    """Fetch the page and yield what every check finds; trouble with the page ends it."""
    try:
        answer = fetcher.get(urldefrag(url).url)
    except FetchError as trouble:
        yield error("page", said(trouble), Said("Check the address and the server."))
        return
    page = read(answer)
    yield from _page(page)
    if answer.status != 200:
        return
    tags = page.tags
    if not tags:
        yield tag.missing(page)
        return
    # A tag that runs counts more than one that is held back.
    first = next((found for found in tags if found.get("src") and not found.place), tags[0])
    yield ok(
        "tag", Said("The tag is there, for %(address)s.", address=first.source or "no address")
    )
    it = Installation(page, first, fetcher, known)
    for name, run in CHECKS:
        yield from _run(name, run, it)


def _page(page: Page) -> Iterator[Finding]:
    answer = page.answer
    if answer.status != 200:
        yield error(
            "page",
            Said("%(url)s answers %(status)s.", url=answer.url, status=answer.status),
            Said("Name a page that exists."),
        )
    elif "html" not in answer.header("content-type").lower():
        kind = answer.header("content-type")[:60]
        yield note(
            "page",
            Said("%(url)s says that it is %(kind)s, no HTML.", url=answer.url, kind=repr(kind)),
        )
    else:
        yield ok("page", Said("%(url)s answers.", url=answer.url))


def _run(name: str, run: Check, it: Installation) -> Iterator[Finding]:
    try:
        yield from run(it)
    except FetchError as trouble:
        yield error(name, said(trouble), Said("Check the address, the proxy and the firewall."))
