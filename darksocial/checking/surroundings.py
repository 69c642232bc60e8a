"""What stands around the tag: policies, block lists, the tracker, redirects, caches."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit, urlunsplit

from darksocial.checking import policy
from darksocial.checking.fetch import Answer
from darksocial.checking.finding import Finding, error, note, ok, warning
from darksocial.checking.installation import Installation
from darksocial.errors import Said
from darksocial.rules.blocklists import blocked_part

PARAMETER = "ds"
REFUSED = "x-darksocial-refused"

# An event that the tracker refuses as the last of its checks, once key, page and host are right:
# so nothing is recorded.
NO_KIND = "bad-kind"
REFUSALS = {
    "unknown-site": Said("Copy the key from `darksocial site list`."),
    "foreign-host": Said("Add the page's host: `darksocial site add SITE --host HOST`."),
}


def check_policies(it: Installation) -> Iterator[Finding]:
    """Content Security Policies in headers and meta elements; all of them have to agree."""
    texts = _policies(it)
    refused = False
    for text in texts:
        for directives, name, load in _wanted(it, text):
            directive = policy.refusal(text, directives, load)
            if directive:
                refused = True
                yield _refusing(directive, name, load.url)
    if texts and not refused:
        yield ok("csp", Said("The Content Security Policy lets the snippet load and send."))


def _wanted(it: Installation, text: str) -> Iterator[tuple[tuple[str, ...], str, policy.Load]]:
    """What the page has to reach; what the script imports only where that one may run itself."""
    nonce = it.tag.get("nonce")
    script = policy.Load(it.tag.source, it.url, nonce, it.tag.get("integrity"))
    yield policy.SCRIPT, "script-src", script
    if not policy.refusal(text, policy.SCRIPT, script):
        second = policy.Load(it.second, it.url, nonce, imported=True)
        yield policy.SCRIPT, "script-src", second
    yield policy.CONNECT, "connect-src", policy.Load(it.endpoint, it.url)


def _policies(it: Installation) -> list[str]:
    headers = it.answer.all("content-security-policy")
    return [text for value in [*headers, *it.page.policies] for text in value.split(",")]


def _refusing(directive: str, name: str, url: str) -> Finding:
    origin = _origin(url)
    text = Said(
        "The Content Security Policy's %(directive)s refuses %(origin)s.",
        directive=directive,
        origin=origin,
    )
    if directive == "default-src":
        return error(
            "csp",
            text,
            Said(
                "Add a directive %(name)s with the sources it has and %(origin)s.",
                name=name,
                origin=origin,
            ),
        )
    return error(
        "csp",
        text,
        Said(
            "Add %(origin)s to %(directive)s (or a nonce, for the script).",
            origin=origin,
            directive=directive,
        ),
    )


def check_blocklists(it: Installation) -> Iterator[Finding]:
    """Addresses that ad blockers are known to stop."""
    found = False
    for what, url in (("script", it.tag.source), ("endpoint", it.endpoint)):
        part = blocked_part(url)
        if part:
            found = True
            text = Said(
                "Block lists stop addresses with %(part)s, so this %(what)s.", part=part, what=what
            )
            yield warning(
                "blockers", text, Said("Serve it under another path, such as /ds.js and /c.")
            )
    if not found:
        yield ok("blockers", Said("No pattern of common block lists fits the addresses."))
    if _origin(it.tag.source) != _origin(it.url):
        advice = Said("A path on the page's own host is the surest: see the proxy recipes.")
        yield note("blockers", Said("Some visitors block every script from another host."), advice)


def check_tracker(it: Installation) -> Iterator[Finding]:
    """Whether events arrive at a tracker that knows the key and the page's host."""
    event = {"i": "1", "u": it.url}
    body = json.dumps({"k": it.tag.get("data-site"), "e": [event]}).encode()
    headers = {"Content-Type": "text/plain;charset=UTF-8", "Origin": _origin(it.url)}
    answer = it.fetcher.ask("POST", it.endpoint, body, headers)
    reason = answer.header(REFUSED)
    if answer.status == 204 and reason == NO_KIND:
        yield ok("tracker", Said("%(endpoint)s takes events of this page.", endpoint=it.endpoint))
    elif answer.status == 204 and reason in REFUSALS:
        text = Said("The tracker refuses this page's events: %(reason)s.", reason=reason)
        yield error("tracker", text, REFUSALS[reason])
    elif answer.status == 503:
        text = Said("%(endpoint)s cannot keep events now.", endpoint=it.endpoint)
        yield error(
            "tracker", text, Said("See /healthz of the tracker, or whether the proxy reaches it.")
        )
    else:
        text = Said(
            "%(endpoint)s answers a POST with %(status)s, not as the tracker does.",
            endpoint=it.endpoint,
            status=answer.status,
        )
        advice = Said(
            "Let the proxy pass this path on with POST, body and response headers untouched."
        )
        yield error("tracker", text, advice)


def check_parameter(it: Installation) -> Iterator[Finding]:
    """Whether a page with the parameter still is that page, with the parameter; and its caching."""
    if it.tag.get("data-carrier").startswith("f"):
        yield note("parameter", Said("Tokens stand in the fragment, which servers never see."))
        return
    url = tagged(it.url)
    first = it.fetcher.get(it.url)
    answer = it.fetcher.get(url)
    value = parse_qs(urlsplit(url).query)[PARAMETER]
    if parse_qs(urlsplit(answer.url).query).get(PARAMETER) != value:
        text = Said(
            "A redirect of %(url)s drops the parameter ds.",
            url=answer.hops[-1] if answer.hops else url,
        )
        yield error("parameter", text, Said("Keep the query in redirects, or at least `ds`."))
    elif answer.status != it.answer.status:
        text = Said(
            "With the parameter ds the page answers %(status)s instead of %(before)s.",
            status=answer.status,
            before=it.answer.status,
        )
        yield error("parameter", text, Said("Let the server, or its firewall, accept `ds`."))
    else:
        yield ok("parameter", Said("A link with ?ds= leads to the page and keeps the parameter."))
        yield from _caching(first, answer)


def _caching(plain: Answer, marked: Answer) -> Iterator[Finding]:
    if not _from_cache(plain):
        return
    if _from_cache(marked):
        yield ok("cache", Said("Links with ?ds= come from the page cache."))
    else:
        text = Said("The page comes from a cache, a link with ?ds= does not.")
        yield warning("cache", text, Said("Leave ds out of the cache key: see the recipes."))


def _from_cache(answer: Answer) -> bool:
    states = ("cf-cache-status", "x-cache", "x-cache-status", "x-proxy-cache", "x-varnish-cache")
    words = " ".join(answer.header(name).lower() for name in states).split()
    age = answer.header("age")
    return any(word.strip(",;") == "hit" for word in words) or (age.isdecimal() and age != "0")


def check_referrer_policy(it: Installation) -> Iterator[Finding]:
    """A policy that hides the page's own address from its next page."""
    policies = [*it.page.referrer_policies, it.answer.header("referrer-policy")]
    words = [word.strip().lower() for text in policies for word in text.split(",") if word.strip()]
    if words and words[0] == "no-referrer":
        text = Said("The Referrer-Policy no-referrer makes each page view look like an arrival.")
        yield warning(
            "referrer", text, Said("Use strict-origin-when-cross-origin, or same-origin.")
        )


def check_server_timing(it: Installation) -> Iterator[Finding]:
    """Whether the server hands `Sec-Fetch-Site` over to scripts."""
    answer = it.fetcher.ask("GET", it.url, headers={"Sec-Fetch-Site": "none"})
    if "sec-fetch-site" in answer.header("server-timing").lower():
        yield ok("fetch-site", Said("The server hands Sec-Fetch-Site over in Server-Timing."))
    else:
        yield note("fetch-site", Said("The server does not hand Sec-Fetch-Site over (optional)."))


def tagged(url: str) -> str:
    """Return the URL with a new value of the parameter, which no cache has seen."""
    parts = urlsplit(url)
    mark = f"{PARAMETER}=check{secrets.token_hex(5)}"
    query = f"{parts.query}&{mark}" if parts.query else mark
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
