"""What the tracker looks up in a request: sites by public key, redirects by path.

Built once for each snapshot, so that a request costs one look-up.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from darksocial.model import Link, Site
from darksocial.rules.urls import TOKEN_NAME, host_of, own_host, with_parameter
from darksocial.spool.record import members
from darksocial.spool.snapshot import Snapshot

PREFIX = "/r/"
MAX_CODE = 64

_WEB = re.compile(r"https?://", re.IGNORECASE)
_BROWSERS_DISAGREE = re.compile(r"[\x00-\x20\x7f]")
_AUTHORITY = re.compile(r"(https?://)([^/?#]*)(/?)(.*)", re.IGNORECASE | re.DOTALL)
_HOST = re.compile(r"(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.IGNORECASE)
_ASCII = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class Target:
    """Where `/r/<code>` leads: `location` is the destination with the code added.

    `fields` are the JSON members that each click's record has.
    """

    site: str
    location: str
    fields: str


@dataclass(frozen=True, slots=True)
class Table:
    """Sites by public key, targets by request path, and when links end (seconds since 1970)."""

    sites: dict[str, Site] = field(default_factory=dict)
    targets: dict[str, Target] = field(default_factory=dict)
    ended: frozenset[str] = frozenset()
    ends_at: float = math.inf


def build(snapshot: Snapshot, now: float = 0) -> Table:
    """Return the table of a snapshot at a time; links that lead away from their site are left out.

    The table holds until `ends_at`, when the next link expires.
    """
    hosts = {site.name: site.hosts for site in snapshot.sites.values()}
    targets, ended = {}, set()
    for link in snapshot.links.values():
        if not link.live(now):
            ended.add(PREFIX + link.code)
        elif target := _target(link, hosts.get(link.site, ())):
            targets[PREFIX + link.code] = target
    later = (link.expires for link in snapshot.links.values() if link.expires > now)
    return Table(snapshot.sites, targets, frozenset(ended), min(later, default=math.inf))


def is_web_page(url: str) -> bool:
    """Return whether a URL is one of the web at all: http or https."""
    return _WEB.match(url) is not None


def owns(hosts: Sequence[str], url: str) -> bool:
    """Return whether a URL is a web page on one of a site's hosts."""
    return is_web_page(url) and own_host(host_of(url), hosts)


def location(url: str, code: str) -> str:
    """Return the destination with the link's code as parameter, in ASCII, or "".

    Empty where the host is written in a way that programs read differently (userinfo,
    backslashes, blanks, percent signs): such a URL could lead to another host than the one
    that was checked.
    """
    if _BROWSERS_DISAGREE.search(url):
        return ""
    match = _AUTHORITY.fullmatch(url)
    if not match:
        return ""
    scheme, authority, _, rest = match.groups()
    try:
        authority = authority if authority.isascii() else authority.encode("idna").decode()
    except UnicodeError:
        return ""
    if not _HOST.fullmatch(authority):
        return ""
    rest = quote(rest, safe=_ASCII, errors="replace")
    return with_parameter(f"{scheme}{authority}/{rest}", TOKEN_NAME, code)


def _target(link: Link, hosts: Sequence[str]) -> Target | None:
    if not link.code or len(link.code) > MAX_CODE or not owns(hosts, link.destination):
        return None
    where = location(link.destination, link.code)
    if not where:
        return None
    click = {"site": link.site, "kind": "click", "url": link.destination, "code": link.code}
    return Target(link.site, where, members(click))
