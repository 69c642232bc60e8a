"""URLs: whose they are, what may be stored of them, and what their parameters say.

What may be stored is host and path, and of the query only what an allow-list names. The
patterns of `CLEANING` are RE2 as well as Python, without look-arounds, so that SQL can do the
same; `clean_url` says in which order they apply.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote_plus

from darksocial.rules import data

MAX_LENGTH = 2048
MARK = "-"  # stands where something was that may not be stored
TOKEN_NAME = "ds"


@dataclass(frozen=True, slots=True)
class Cleaning:
    """The patterns of `clean_url`.

    `origin` captures scheme and host of an absolute URL, without the userinfo between them.
    What matches `session` goes. A segment of the path becomes `MARK` where it matches `secret`
    or `address`, or where it matches all of `long`, `letter` and `digit`, unless it is made of
    `words`, or of short `parts` with `two_words` among them (my-recipes-3f2a9b8c7d6e).
    A parameter stays where it matches `keep` and not `address`; where it matches `keep_name`,
    its name stays; every other one goes.
    """

    origin: str
    session: str
    secret: str
    address: str
    long: str
    letter: str
    digit: str
    words: str
    parts: str
    two_words: str
    keep: str
    keep_name: str


@dataclass(frozen=True, slots=True)
class ClickId:
    """A parameter that a network adds to links that lead out of it.

    `kind` is social, email or ad. The value names one person's click and is never kept.
    """

    parameter: str
    application: str
    kind: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """What a URL says of the campaign that it belongs to; empty where it says nothing.

    `ad_click` is the name of the click id of an advertising system (gclid, dclid …).
    """

    source: str = ""
    medium: str = ""
    campaign: str = ""
    ad_click: str = ""


def _click_ids() -> dict[str, tuple[ClickId, re.Pattern[str]]]:
    """Return click ids by parameter, each with the pattern that its value must match."""
    return {
        row["parameter"]: (
            ClickId(row["parameter"], row["application"], row["kind"]),
            re.compile(row.get("value", ".")),
        )
        for row in data.load("click_ids.json")["parameters"]
    }


CLICK_IDS = _click_ids()

# A word with a number behind it, camel case, a number with its unit, a short code.
_WORD = (
    r"(?:[A-Za-z]?[a-z]+(?:[0-9]{0,4}[A-Z][a-z]+)*[0-9]{0,8}"
    r"|[0-9]+[A-Za-z]{0,3}|[A-Z]{1,8}[0-9]{0,8})"
)
_BETWEEN = r"[-_.~+:=]"

_SCHEME = "[A-Za-z][A-Za-z0-9+.-]*:"
# Browsers end the host at a backslash, too, and userinfo at its last @.
_AUTHORITY = r"//(?:[^/?#\\]*@)?([^/?#\\@]*)"
# Captures host and port alone. ClickHouse's own netloc() takes parts of some paths along.
HOST = f"^{_SCHEME}{_AUTHORITY}"

CLEANING = Cleaning(
    origin=f"^({_SCHEME}){_AUTHORITY}",
    session=r"(?i:;(?:jsessionid|phpsessid|sessionid|sid)=[^/?#;]*)",
    secret=(
        r"^(?:[0-9A-Fa-f]{24,}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
        r"|eyJ[A-Za-z0-9_=-]{8,}(?:\.[A-Za-z0-9_=-]*){0,2}|[A-Za-z0-9_.~+:=-]{201,})$"
    ),
    address=r"[^/@=&?]+(?:@|%40)[^/@=&?]+\.[^/@=&?]+",
    long=r"^[A-Za-z0-9_.~+:=-]{24,200}(?:%3[Dd])*$",
    letter=r"[A-Za-z]",
    digit=r"[0-9]",
    words=rf"^{_BETWEEN}*{_WORD}(?:{_BETWEEN}+{_WORD})*{_BETWEEN}*$",
    parts=rf"^{_BETWEEN}*[A-Za-z0-9]{{1,16}}(?:{_BETWEEN}+[A-Za-z0-9]{{1,16}})*{_BETWEEN}*$",
    two_words=(
        rf"(?:^|{_BETWEEN})[A-Za-z]?[a-z]{{2,}}(?:{_BETWEEN}.*)?"
        rf"{_BETWEEN}[A-Za-z]?[a-z]{{2,}}(?:{_BETWEEN}|$)"
    ),
    keep=(
        r"^(?:utm_(?:source|medium|campaign|content|term|id|source_platform|creative_format"
        rf"|marketing_tactic)|{TOKEN_NAME})=|^(?:p|page|paged|page_id|cat)=[0-9]{{1,9}}$"
    ),
    keep_name=rf"^({'|'.join(sorted(CLICK_IDS))})(?:=|$)",
)

_ORIGIN = re.compile(CLEANING.origin)
_SESSION = re.compile(CLEANING.session)
_SECRET = re.compile(CLEANING.secret)
_ADDRESS = re.compile(CLEANING.address)
_LONG = re.compile(CLEANING.long)
_LETTER = re.compile(CLEANING.letter)
_DIGIT = re.compile(CLEANING.digit)
_WORDS = re.compile(CLEANING.words)
_PARTS = re.compile(CLEANING.parts)
_TWO_WORDS = re.compile(CLEANING.two_words)
_KEEP = re.compile(CLEANING.keep)
_KEEP_NAME = re.compile(CLEANING.keep_name)
_SHORTEST_SECRET = 5  # a@b.c
_FRAGMENT_TOKEN = re.compile(rf"#(?:.*[&?])?{TOKEN_NAME}=([A-Za-z0-9]+)")


def host_of(url: str) -> str:
    """Return host and port of an absolute URL in lower case, or "" where it has none."""
    match = _ORIGIN.match(url)
    return match[2].lower() if match else ""


def bare_host(host: str) -> str:
    """Return a host without its port and without the dot that may end it."""
    name, colon, port = host.rpartition(":")
    # In an IPv6 address without a port, what follows the last colon ends with a bracket.
    if colon and (port.isdecimal() or not port):
        host = name
    return host.rstrip(".")


def own_host(host: str, hosts: Iterable[str]) -> bool:
    """Return whether a host is one of the site's own.

    An entry without a port stands for the host and its subdomains, on any port; one with a
    port stands for exactly this host and port. Entries are in lower case.
    """
    host = host.lower()
    bare = bare_host(host)
    return any(host == entry or bare == entry or bare.endswith("." + entry) for entry in hosts)


def clean_url(url: str) -> str:
    """Return what may be stored of a page's address or of a referrer, or of a path alone.

    Userinfo, fragment and session ids go; segments of the path that look like a token for a
    password reset, a JSON web token or an e-mail address become `-`; of the query only what
    `CLEANING` keeps stays.
    """
    head, _, query = url[:MAX_LENGTH].partition("#")[0].partition("?")
    origin, path = "", _SESSION.sub("", head)
    if match := _ORIGIN.match(path):
        origin = f"{match[1]}//{match[2]}".lower()
        path = path[match.end() :].replace("\\", "/")  # as browsers do
    path = "/".join(MARK if _is_secret(segment) else segment for segment in path.split("/"))
    kept = "&".join(filter(None, map(_kept, query.split("&"))))
    return f"{origin}{path}?{kept}" if kept else origin + path


def _is_secret(segment: str) -> bool:
    if len(segment) < _SHORTEST_SECRET:
        return False
    if _SECRET.search(segment) or _ADDRESS.search(segment):
        return True
    if not (_LONG.search(segment) and _LETTER.search(segment) and _DIGIT.search(segment)):
        return False
    slug = _PARTS.search(segment) and _TWO_WORDS.search(segment)
    return not (slug or _WORDS.search(segment))


def _kept(parameter: str) -> str:
    if _KEEP.search(parameter):
        return "" if _ADDRESS.search(parameter) else parameter
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
    base, _, query = head.partition("?")
    added = f"{name}={quote(value, safe='')}"
    parts = query.split("&") if query else []
    named = [place for place, part in enumerate(parts) if part.partition("=")[0] == name]
    if named:
        parts[named[0]] = added
        query = "&".join(part for place, part in enumerate(parts) if place not in named[1:])
    else:
        query += f"&{added}" if query and query[-1] != "&" else added
    return f"{base}?{query}{sharp}{fragment}"


def click_id(url: str) -> ClickId | None:
    """Return the first click id in a URL's query, or `None`."""
    if "=" not in url:
        return None
    for name, value in parameters(url).items():
        known = CLICK_IDS.get(name)
        if known and known[1].search(value):
            return known[0]
    return None


@lru_cache(maxsize=4096)
def campaign(url: str) -> Campaign:
    """Return what the query says of the campaign: the utm parameters and an ad click."""
    if "=" not in url:
        return Campaign()
    found = parameters(url)
    ads = [known[0] for name in found if (known := CLICK_IDS.get(name)) and known[0].kind == "ad"]
    # Google's own come first: they are what Google Analytics looks at.
    ads.sort(key=lambda click: click.application != "Google")
    source, medium, name = (_utm(found, part) for part in ("source", "medium", "campaign"))
    return Campaign(source, medium, name, ads[0].parameter if ads else "")


def _utm(found: dict[str, str], part: str) -> str:
    value = found.get(f"utm_{part}", "")
    return "" if _ADDRESS.search(value) else value
