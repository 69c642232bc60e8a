"""URLs: whose they are, what may be stored of them, and what their parameters say.

What may be stored is host and path, and of the query only what an allow-list names. The drain
does the same in SQL, from the same patterns: `CLEANING` and the patterns that it names are
RE2 as well as Python, without look-arounds, and `clean_url` says in which order they apply.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote_plus

from darksocial.rules import data

MAX_LENGTH = 2048
MARK = "-"  # stands where something that may not be stored was
TOKEN_NAME = "ds"


@dataclass(frozen=True, slots=True)
class Cleaning:
    """The patterns of `clean_url`, each RE2 without look-arounds.

    `origin` captures scheme and host of an absolute URL, without the userinfo between them.
    A path segment is replaced by `MARK` where it matches `secret` or `address`, or where it
    matches all of `long`, `letter` and `digit` and not `words`.
    A query parameter stays whole where it matches `keep` and not `address`; where it matches
    `keep_name`, its name stays; every other parameter goes.
    """

    origin: str
    secret: str
    long: str
    letter: str
    digit: str
    words: str
    address: str
    keep: str
    keep_name: str


@dataclass(frozen=True, slots=True)
class ClickId:
    """A parameter that a network adds to links that lead out of it.

    `kind` is social, search, email or ad; the value names a person's click and is not kept.
    """

    parameter: str
    application: str
    kind: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """What a URL says of the campaign that it belongs to; empty where it says nothing.

    `ad_click` is the name of the first click id of an advertising system (gclid, dclid …).
    """

    source: str = ""
    medium: str = ""
    campaign: str = ""
    ad_click: str = ""


def _click_ids() -> dict[str, tuple[ClickId, re.Pattern[str] | None]]:
    rows = data.load("click_ids.json")["parameters"]
    return {
        row["parameter"]: (
            ClickId(row["parameter"], row["application"], row["kind"]),
            re.compile(row["value"]) if "value" in row else None,
        )
        for row in rows
    }


CLICK_IDS = _click_ids()

# Letters with an optional number behind them, numbers, codes: what a slug is made of.
_WORD = (
    r"(?:[A-Za-z]?[a-z]+(?:[0-9]{0,4}[A-Z][a-z]+)*[0-9]{0,8}"
    r"|[0-9]+[A-Za-z]{0,3}|[A-Z]{1,8}[0-9]{0,8})"
)

CLEANING = Cleaning(
    origin=r"^([A-Za-z][A-Za-z0-9+.-]*:)?//(?:[^/?#\\]*@)?([^/?#\\@]*)",
    secret=(
        r"^(?:[0-9A-Fa-f]{24,}|eyJ[A-Za-z0-9_=-]{8,}(?:\.[A-Za-z0-9_=-]*){0,2}"
        r"|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$"
    ),
    long=r"^[A-Za-z0-9_.~+:=-]{24,}(?:%3[Dd])*$",
    letter=r"[A-Za-z]",
    digit=r"[0-9]",
    words=rf"^[-_.~+:=]*{_WORD}(?:[-_.~+:=]+{_WORD})*[-_.~+:=]*$",
    address=r"[^/@=&?]+(?:@|%40)[^/@=&?]+\.[^/@=&?]+",
    keep=(
        r"^(?:utm_(?:source|medium|campaign|content|term|id|source_platform|creative_format"
        r"|marketing_tactic)=|ds=|(?:p|page|paged|page_id|cat)=[0-9]{1,9}$)"
    ),
    keep_name=rf"^({'|'.join(sorted(CLICK_IDS))})=",
)

_ORIGIN = re.compile(CLEANING.origin)
_SECRET = re.compile(CLEANING.secret)
_LONG = re.compile(CLEANING.long)
_LETTER = re.compile(CLEANING.letter)
_DIGIT = re.compile(CLEANING.digit)
_WORDS = re.compile(CLEANING.words)
_ADDRESS = re.compile(CLEANING.address)
_KEEP = re.compile(CLEANING.keep)
_KEEP_NAME = re.compile(CLEANING.keep_name)
_FRAGMENT_TOKEN = re.compile(rf"#(?:.*[&?])?{TOKEN_NAME}=([A-Za-z0-9]+)")


def host_of(url: str) -> str:
    """Return host and port of an absolute URL in lower case, or "" where it has none."""
    match = _ORIGIN.match(url)
    return match[2].lower() if match else ""


def own_host(host: str, hosts: Iterable[str]) -> bool:
    """Return whether a host is one of the site's own.

    An entry without a port stands for the host and its subdomains, on any port; one with a
    port stands for exactly this host and port.
    """
    host = host.lower()
    bare = _without_port(host)
    return any(host == entry or bare == entry or bare.endswith("." + entry) for entry in hosts)


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    bare = name if colon and (port.isdecimal() or not port) and not name.endswith(":") else host
    return bare.rstrip(".")


def clean_url(url: str) -> str:
    """Return what may be stored of a page's address or a referrer.

    Userinfo and fragment go; path segments that look like a password-reset token, an e-mail
    address or a JSON web token become `-`; of the query only what `CLEANING` keeps stays.
    """
    url = url[:MAX_LENGTH].partition("#")[0]
    head, question, query = url.partition("?")
    match = _ORIGIN.match(head)
    origin = f"{match[1] or ''}//{match[2]}".lower() if match else ""
    path = head[match.end() :] if match else head
    path = "/".join(MARK if _is_secret(segment) else segment for segment in path.split("/"))
    kept = "&".join(filter(None, map(_kept, query.split("&")))) if question else ""
    return f"{origin}{path}?{kept}" if kept else f"{origin}{path}"


def _is_secret(segment: str) -> bool:
    if len(segment) < 5:
        return False
    if _SECRET.search(segment) or _ADDRESS.search(segment):
        return True
    return bool(
        _LONG.search(segment)
        and _LETTER.search(segment)
        and _DIGIT.search(segment)
        and not _WORDS.search(segment)
    )


def _kept(parameter: str) -> str:
    if _KEEP.search(parameter):
        return "" if _ADDRESS.search(parameter.partition("=")[2]) else parameter
    match = _KEEP_NAME.search(parameter)
    return match[1] if match else ""


def parameters(url: str) -> dict[str, str]:
    """Return the query parameters of a URL, decoded; the first of a name counts."""
    query = url[:MAX_LENGTH].partition("#")[0].partition("?")[2]
    found: dict[str, str] = {}
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name:
            found.setdefault(unquote_plus(name), unquote_plus(value))
    return found


def token_of(url: str) -> str:
    """Return the share token in a URL, from the query or else from the fragment, or ""."""
    if TOKEN_NAME + "=" not in url:
        return ""
    if token := parameters(url).get(TOKEN_NAME):
        return token
    match = _FRAGMENT_TOKEN.search(url)
    return match[1] if match else ""


def with_parameter(url: str, name: str, value: str) -> str:
    """Return the URL with the parameter, all else byte for byte as it was.

    A parameter of the same name is replaced where it stands, so that the URL has it once.
    """
    head, sharp, fragment = url.partition("#")
    base, question, query = head.partition("?")
    added = f"{name}={quote(value, safe='')}"
    parts = query.split("&") if question and query else []
    others = [part for part in parts if part.partition("=")[0] != name]
    position = next((i for i, part in enumerate(parts) if part not in others), len(others))
    others.insert(position, added)
    return f"{base}?{'&'.join(others)}{sharp}{fragment}"


def click_id(url: str) -> ClickId | None:
    """Return the first click id in a URL's query, or `None`."""
    for name, value in parameters(url).items():
        known = CLICK_IDS.get(name)
        if known and value and (known[1] is None or known[1].search(value)):
            return known[0]
    return None


@lru_cache(maxsize=4096)
def campaign(url: str) -> Campaign:
    """Return what the query says of the campaign: the utm parameters and an ad click."""
    if "=" not in url:
        return Campaign()
    found = parameters(url)
    ad_click = next(
        (name for name in found if name in CLICK_IDS and CLICK_IDS[name][0].kind == "ad"), ""
    )
    return Campaign(
        found.get("utm_source", ""),
        found.get("utm_medium", ""),
        found.get("utm_campaign", ""),
        ad_click,
    )
