"""Referrers: which messenger, mailbox, network, search engine or document a visit came from.

The hosts stand in `data/referrers.json`; a host is looked up with its parents, the longest
name first, so `l.facebook.com` may differ from `facebook.com` and nothing can be fooled by
`facebook.com.evil.example` or `notfacebook.com`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from darksocial.rules import data, urls

CACHE_SIZE = 65_536


@dataclass(frozen=True, slots=True)
class Referrer:
    """What a referrer says.

    `kind` is one of `model.REFERRER_KINDS`, or `None` where there is no usable referrer.
    `application` is its display name, `rule` the entry of the data that decided,
    `host` the host without port (for `android-app://` the package).
    """

    kind: str | None
    application: str | None = None
    rule: str = ""
    host: str = ""


NONE = Referrer(None, rule="none")
_ANDROID = "android-app://"


@lru_cache(maxsize=CACHE_SIZE)
def resolve(url: str) -> Referrer:
    """Return what a referrer says; any text may be given."""
    if url[: len(_ANDROID)].lower() == _ANDROID:
        return _android(url)
    host = urls.host_of(url).partition(":")[0].rstrip(".")
    if not host:
        return NONE
    path = url.partition("://")[2].partition("/")[2]
    for name in _suffixes(host):
        for prefix, rule in _table().get(name, ()):
            if path.startswith(prefix):
                return Referrer(*rule, name + ("/" + prefix if prefix else ""), host)
    return Referrer("referral", rule="referral", host=host)


def _android(url: str) -> Referrer:
    package = url[len(_ANDROID) :].partition("/")[0]
    known = data.load("referrers.json")["packages"].get(package)
    if known:
        return Referrer(*known, _ANDROID + package, package)
    return Referrer("referral", rule="android_app", host=package)


def _suffixes(host: str) -> list[str]:
    labels = host.split(".")
    return [".".join(labels[start:]) for start in range(len(labels))]


_Rule = tuple[str, str | None]


@cache
def _table() -> dict[str, list[tuple[str, _Rule]]]:
    table: dict[str, list[tuple[str, _Rule]]] = {}
    for source in (data.load("matomo.json"), data.load("referrers.json")["hosts"]):
        for kind, applications in source.items():
            for application, names in applications.items():
                for name in names:
                    host, _, prefix = name.lstrip("=").partition("/")
                    table.setdefault(host, []).insert(0, (prefix, (kind, application)))
    for entries in table.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return table
