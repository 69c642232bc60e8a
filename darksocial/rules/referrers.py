"""Referrers: which messenger, mailbox, network, search engine or document a visit came from.

The hosts stand in `data/referrers.json` (our own) and `data/matomo.json` (Matomo's lists). A
host is looked up with its parents, the longest name first, so `l.facebook.com` may differ from
`facebook.com`, and neither `facebook.com.evil.example` nor `notfacebook.com` is taken for it.
Applications wrap links into addresses of their own (google.com/url?source=gmail&q=…): of such a
query only what `deciding` names is ever looked at.
The public suffixes that matter to these lists are few: one pattern holds them, so no list of
ten thousand has to be kept up to date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from darksocial.errors import InputError
from darksocial.rules import data, urls

CACHE_SIZE = 65_536
ANDROID = "android-app://"

# What stands for `*` behind a name that has domains in many countries.
_COUNTRY = re.compile(
    r"\.((?:com?|net|org|ne|or|ac|go|gov|gob|edu|in|info|it)\.[a-z]{2}|com|net|org|cat|[a-z]{2})$"
)
_NUMBER = re.compile(r"\d+[a-z]?$")  # webmail2, mail02, webmail1n: machines of one service
_BARE_HOST = re.compile(r"^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?(?:/|$)", re.IGNORECASE)
_WEBMAIL = re.compile(r"^webmail[a-z0-9-]*$")  # webmailcluster, webmail-fr
# Portals and networks run a webmail beside what they are listed for (mail.suomi24.fi).
_PORTALS = ("search", "social")
_MAIL_HOST = re.compile(r"(?:web|e)?mail\d*[a-z]?\.")
SAME_SITE = ("", "www", "m")


@dataclass(frozen=True, slots=True)
class Referrer:
    """What a referrer says.

    `kind` is one of `model.REFERRER_KINDS`, or `None` where there is no usable referrer.
    `application` is its display name where one is known. `rule` is the entry of the data that
    decided. `host` has no port; for an Android application it is `android-app://` and the
    package.
    """

    kind: str | None
    application: str | None = None
    rule: str = "none"
    host: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of the data: `pattern` as it is written there, and its parts."""

    kind: str
    application: str | None
    pattern: str
    exact: bool
    path: str
    parameter: str

    def fits(self, subdomain: str, path: str, query: str) -> bool:
        if self.exact and subdomain not in SAME_SITE:
            return False
        if self.path and not (path + "/").startswith(self.path.rstrip("/") + "/"):
            return False
        return not self.parameter or self.parameter in query.split("&")


NONE = Referrer(None)


def resolve(url: str) -> Referrer:
    """Return what a referrer says: a URL, or a host alone as exports have it."""
    if not isinstance(url, str):
        raise InputError(
            f"A referrer is a text, not {type(url).__name__}: give '' where none is known."
        )
    return _resolve(url[: urls.MAX_LENGTH])


@lru_cache(maxsize=CACHE_SIZE)
def _resolve(url: str) -> Referrer:
    if url[: len(ANDROID)].lower() == ANDROID:
        return _android(url)
    if _BARE_HOST.match(url):
        url = f"https://{url}"
    host = urls.bare_host(urls.host_of(url))
    if not host or url[:4].lower() != "http":
        return NONE
    path, _, query = url.partition("://")[2].partition("#")[0].partition("?")
    path = path.partition("/")[2]
    entry = _listed(host, path, query)
    if entry is None or (entry.kind in _PORTALS and _MAIL_HOST.match(host)):
        entry = _self_hosted(host, path) or entry
    if entry is None:
        return Referrer("referral", None, "referral", host)
    return Referrer(entry.kind, entry.application, entry.pattern, host)


def _android(url: str) -> Referrer:
    package = url[len(ANDROID) :].partition("/")[0]
    host = ANDROID + package
    kind, application = _packages().get(package, ("referral", None))
    return Referrer(kind, application, host if application else "android_app", host)


def _listed(host: str, path: str, query: str) -> _Entry | None:
    for name, subdomain in names(host):
        for entry in _hosts().get(name, ()):
            if entry.fits(subdomain, path, query):
                return entry
    return None


def names(host: str) -> Iterator[tuple[str, str]]:
    """Yield the names under which a host may be listed, longest first, and what is before."""
    country = _COUNTRY.search(host)
    start = 0
    while True:
        subdomain = host[: max(start - 1, 0)]
        yield host[start:], subdomain
        if country and start < country.start():
            yield host[start : country.start()] + ".*", subdomain
        dot = host.find(".", start)
        if dot < 0:
            return
        start = dot + 1


def _self_hosted(host: str, path: str) -> _Entry | None:
    """Return which software somebody runs on a host of their own.

    By path, by the first label, by any label in front of the domain for mail, since machines
    are numbered and nested (click.mail.example.org), or by how the domain ends (hushmail.com).
    """
    for entry in _paths():
        if (path + "/").startswith(entry.path):
            return entry
    *before, domain = _without_suffix(host).split(".")
    found = _by_label(before, domain)
    return _of_provider(found, domain + _suffix(host)) if found else None


def _by_label(before: list[str], domain: str) -> _Entry | None:
    labels = [_normal(label) for label in before]
    if labels and (first := _labels().get(before[0]) or _labels().get(labels[0])):
        return first
    for label in labels:
        if (found := _labels().get(label)) and found.kind == "email":
            return found
    return next((_endings()[end] for end in _endings() if _ends((*labels, domain), end)), None)


def _normal(label: str) -> str:
    return _WEBMAIL.sub("webmail", _NUMBER.sub("", label))


def _of_provider(entry: _Entry, domain: str) -> _Entry:
    """Return an entry for mail under the name of the mailbox that is listed at this domain."""
    if entry.kind != "email" or entry.application or domain not in _providers():
        return entry
    return replace(entry, application=_providers()[domain])


def _suffix(host: str) -> str:
    return host[len(_without_suffix(host)) :]


def _without_suffix(host: str) -> str:
    country = _COUNTRY.search(host)
    return host[: country.start()] if country else host.rpartition(".")[0]


def _ends(labels: Iterable[str], end: str) -> bool:
    return any(label.endswith(end) for label in labels)


_Section = dict[str, dict[str, list[str]]]


def _rows(section: _Section) -> Iterator[tuple[str, str | None, str]]:
    for kind, applications in section.items():
        for application, patterns in applications.items():
            for pattern in patterns:
                yield kind, application or None, pattern


@cache
def _hosts() -> dict[str, tuple[_Entry, ...]]:
    """Return the entries by name: the most specific first, our own before Matomo's."""
    table: dict[str, list[_Entry]] = {}
    for source in ("referrers.json", "matomo.json"):
        rows = _rows(data.load(source)["hosts"])
        for kind, application, pattern in sorted(rows, key=lambda row: row[2][0] != "="):
            name, _, rest = pattern.lstrip("=").partition("/")
            path, _, parameter = rest.partition("?")
            entry = _Entry(kind, application, pattern, pattern[0] == "=", path, parameter)
            table.setdefault(name, []).append(entry)
    for entries in table.values():
        # A stable sort: between equals, what came first stays first.
        entries.sort(key=lambda entry: (-len(entry.path), not entry.parameter))
    return {name: tuple(entries) for name, entries in table.items()}


@cache
def deciding() -> tuple[str, ...]:
    """Return the parameters of a referrer that decide, as `name=value`: its query may be cut to
    these without another answer."""
    return tuple(sorted({entry.parameter for row in _hosts().values() for entry in row} - {""}))


@cache
def _providers() -> dict[str, str]:
    """Return mailboxes by their domain, where it is one mailbox's alone.

    Only what is listed for mail by its name counts: a scanner of links is no mailbox.
    """
    found: dict[str, set[str]] = {}
    for kind, application, host in _rows(data.load("referrers.json")["hosts"]):
        *before, domain = _without_suffix(host.lstrip("=")).split(".")
        if kind == "email" and application and not {"*", "/"} & set(host):
            if before and not ((entry := _by_label(before, "")) and entry.kind == "email"):
                continue
            found.setdefault(domain + _suffix(host), set()).add(application)
    return {domain: names.pop() for domain, names in found.items() if len(names) == 1}


@cache
def _paths() -> tuple[_Entry, ...]:
    rows = _rows(data.load("referrers.json")["paths"])
    return tuple(_Entry(kind, name, f"*/{path}", False, path, "") for kind, name, path in rows)


@cache
def _labels() -> dict[str, _Entry]:
    rows = _rows(data.load("referrers.json")["labels"])
    return {label: _Entry(kind, name, f"{label}.*", False, "", "") for kind, name, label in rows}


@cache
def _endings() -> dict[str, _Entry]:
    rows = _rows(data.load("referrers.json")["endings"])
    return {end: _Entry(kind, name, f"*{end}.*", False, "", "") for kind, name, end in rows}


@cache
def _packages() -> dict[str, tuple[str, str | None]]:
    rows = _rows(data.load("referrers.json")["packages"])
    return {package: (kind, application) for kind, application, package in rows}
