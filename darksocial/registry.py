"""Sites and managed links: what exists, and the snapshot that tells the tracker."""

from __future__ import annotations

import re
import secrets
import time
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from darksocial.errors import InputError, Said, UnknownSite
from darksocial.model import LINK_KINDS, Link, Site
from darksocial.rules import suffixes, urls
from darksocial.rules.tokens import link_code
from darksocial.spool import snapshot
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

KEY_BYTES = 8
LARGEST_STEP = 1 << 20
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"({_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:]+\])(?::(\d{{1,5}}))?")
_LONGEST_HOST = 253
_LONGEST_LABEL = 200
_DEFAULT_PORTS = ("80", "443")
# Programs disagree on where the host of such an address ends.
_ODD = re.compile(r"[\s\x00-\x20\x7f\\]")


def sites(session: Session) -> dict[str, Site]:
    """Return all sites by name."""
    rows = session.query(statement("sites/all")).to_pylist()
    return {
        row["name"]: Site(row["name"], row["key"], tuple(row["hosts"]), row["timezone"])
        for row in rows
    }


def site(session: Session, name: str) -> Site:
    """Return a site, or raise `UnknownSite` with the command that adds it."""
    try:
        return sites(session)[host_name(name)]
    except KeyError:
        raise UnknownSite(name) from None


def add_site(
    session: Session, name: str, hosts: tuple[str, ...] = (), timezone: str = "", key: str = ""
) -> Site:
    """Add a site, or change hosts and time zone of one that exists.

    Its key stays, also where the site was removed in between: tags and tokens out there have it.
    """
    name = host_name(name)
    for host in (name, *hosts):
        _no_suffix(host)
    known = sites(session).get(name)
    if known:
        hosts = tuple(dict.fromkeys((*known.hosts, *map(host_name, hosts))))
        changed = Site(name, known.key, hosts, timezone or known.timezone)
        if changed == known:
            return known
    else:
        hosts = tuple(dict.fromkeys(map(host_name, hosts or (name,))))
        key = key or _former_key(session, name) or secrets.token_hex(KEY_BYTES)
        changed = Site(name, key, hosts, timezone or "UTC")
    _known_zone(changed.timezone)
    _put_site(session, changed, deleted=0)
    return changed


def remove_site(session: Session, name: str) -> None:
    """Stop measuring a site; what was recorded stays until it expires."""
    _put_site(session, site(session, name), deleted=1)


def host_name(text: str) -> str:
    """Return a host as sites are named by: lower case, no scheme, no path, no `www.`.

    In ASCII, and with its port only where that is none of the web's own.
    """
    name = text.strip().lower()
    if "//" in name:
        name = urls.host_of(name)
    name = name.partition("/")[0].rstrip(".").removeprefix("www.")
    match = _HOST.fullmatch(_in_ascii(name))
    if not match or len(match[1]) > _LONGEST_HOST or int(match[2] or 1) not in range(1, 65536):
        raise InputError(Said("%(text)r is no host name: give one like example.com.", text=text))
    return match[1] if match[2] in _DEFAULT_PORTS else match[0]


def _no_suffix(host: str) -> None:
    """Refuse what many strangers' sites end with: each of them would count as the site's own."""
    if suffixes.is_public(host_name(host)):
        raise InputError(
            Said(
                "%(host)r is an ending that sites of many owners share: give the whole "
                "host, like example.%(host)s.",
                host=host,
            )
        )


def _in_ascii(host: str) -> str:
    """Return an international host name as it travels; one that cannot stays as it is."""
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return host


def links(session: Session, site_name: str = "", *, removed: bool = False) -> list[Link]:
    """Return the links of a site, or of all; or those that were removed."""
    rows = session.query(statement("links/all"), site=site_name, gone=int(removed)).to_pylist()
    return [Link(**{**row, "disabled": bool(row["disabled"])}) for row in rows]


def codes(session: Session) -> set[str]:
    """Return the codes of all links in force."""
    return set(session.query(statement("links/codes"))["code"].to_pylist())


def add_link(
    session: Session,
    destination: str,
    kind: str = "campaign",
    label: str = "",
    expires: int = 0,
    done_by: str = "",
) -> Link:
    """Add a managed link to a page of a registered site; it may expire (seconds since 1970)."""
    if kind not in LINK_KINDS:
        raise InputError(
            Said(
                "%(kind)r is no kind of link: known are %(known)s.",
                kind=kind,
                known=", ".join(LINK_KINDS),
            )
        )
    destination = page_address(destination)
    check_label(label)
    # A step of one would give two who add at the same time the same number, and so one code.
    last = int(session.query(statement("links/last"))["number"][0].as_py() or 0)
    number = last + 1 + secrets.randbelow(LARGEST_STEP)
    link = Link(
        link_code(number, _secret(session)),
        site_of(session, destination),
        destination,
        kind,
        label,
        number,
        expires,
    )
    put_link(session, link, done_by)
    return link


def check_label(label: str) -> None:
    """Raise `InputError` where a label cannot be read in a list; it may be empty."""
    if len(label) > _LONGEST_LABEL or not label.isprintable():
        raise InputError(
            Said(
                "The label %(label)r cannot be read in a list: give one of at most %(most)s "
                "printable letters.",
                label=label,
                most=_LONGEST_LABEL,
            )
        )


def put_link(session: Session, link: Link, done_by: str = "", deleted: bool = False) -> None:
    """Write a link as it is from now on, and keep the change in its history."""
    version = time.time_ns()
    session.execute(
        statement("links/put"),
        number=link.number,
        code=link.code,
        site=link.site,
        destination=link.destination,
        kind=link.kind,
        label=link.label,
        deleted=int(deleted),
        version=version,
    )
    session.execute(
        statement("links/change"),
        number=link.number,
        version=version,
        done_by=done_by,
        destination=link.destination,
        kind=link.kind,
        label=link.label,
        expires=link.expires,
        disabled=int(link.disabled),
    )


def write_snapshot(session: Session, path: Path) -> None:
    """Tell the tracker of all sites and links."""
    snapshot.write(path, sites(session).values(), links(session))


def page_address(address: str) -> str:
    """Return the address of a web page with its host in ASCII, as the tracker wants it."""
    trouble = _trouble(address)
    if trouble:
        raise InputError(
            Said(
                "The destination %(address)r %(trouble)s: give one like https://example.com/page.",
                address=address,
                trouble=trouble,
            )
        )
    netloc = urlsplit(address).netloc
    return address.replace(netloc, _in_ascii(netloc), 1)


def _trouble(address: str) -> str:
    """Return why an address cannot be a destination, or ""."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return Said("has a host that cannot be read")
    if parts.scheme not in ("http", "https") or not host:
        return Said("is no http or https address")
    if _ODD.search(address):
        return Said("has a blank, a backslash or a control character in it")
    if "@" in parts.netloc:
        return Said("has a user name in front of its host")
    try:
        usable = parts.port != 0
    except ValueError:
        usable = False
    return "" if usable else "has a port that does not exist"


def site_of(session: Session, page: str) -> str:
    """Return the site whose host fits a page best: a subdomain may be a site of its own."""
    host = urls.host_of(page)
    fitting = [
        (len(entry), known.name)
        for known in sites(session).values()
        for entry in known.hosts
        if urls.own_host(host, (entry,))
    ]
    if not fitting:
        raise UnknownSite(host, Said("The destination %(page)r is on no site of yours", page=page))
    return max(fitting)[1]


def _former_key(session: Session, name: str) -> str:
    """Return the key that a removed site had, or ""."""
    keys = session.query(statement("sites/former"), name=name)["key"].to_pylist()
    return str(keys[0]) if keys else ""


def _secret(session: Session) -> str:
    rows = session.query(statement("meta/get"), name="link_secret")["value"].to_pylist()
    if rows:
        return str(rows[0])
    secret = secrets.token_hex(16)
    session.execute(statement("meta/put"), name="link_secret", value=secret, version=time.time_ns())
    return secret


def _put_site(session: Session, changed: Site, deleted: int) -> None:
    session.execute(
        statement("sites/put"),
        name=changed.name,
        key=changed.key,
        hosts=list(changed.hosts),
        timezone=changed.timezone,
        deleted=deleted,
        version=time.time_ns(),
    )


def _known_zone(name: str) -> None:
    try:
        if name.startswith("right/"):  # with leap seconds: engines cannot load them
            raise ValueError(name)
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones, or a name too long
        raise InputError(
            Said(
                "%(name)r is no time zone: give one of the IANA list, like Europe/Berlin.",
                name=name,
            )
        ) from None
