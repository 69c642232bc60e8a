"""Content Security Policies: whether one lets a page load a script or send to an address.

After the W3C's Content Security Policy Level 3, as far as the snippet needs it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

SCRIPT = ("script-src-elem", "script-src", "default-src")
CONNECT = ("connect-src", "default-src")

_HOST = re.compile(
    r"(?:([a-z][a-z0-9+.-]*)://)?(\*|(?:\*\.)?[^/:*\s]+)(?::([0-9]+|\*))?(/[^?#]*)?",
    re.ASCII | re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Load:
    """What a page at `page` wants to reach, and the tag's nonce and integrity if it is a script.

    An imported script is what a script that runs asks for itself: it has that one's nonce.
    """

    url: str
    page: str
    nonce: str = ""
    integrity: str = ""
    imported: bool = False


def refusal(policy: str, directives: tuple[str, ...], load: Load) -> str | None:
    """Return the name of the directive that refuses the load, or `None` where it may happen."""
    parsed = parse(policy)
    name = next((name for name in directives if name in parsed), None)
    if name is None or _allows(parsed[name], load, scripts=directives is SCRIPT):
        return None
    return name


def parse(policy: str) -> dict[str, list[str]]:
    """Return the sources by directive; of two directives of a name the first counts."""
    parsed: dict[str, list[str]] = {}
    for part in policy.split(";"):
        words = part.split()
        if words:
            parsed.setdefault(words[0].lower(), words[1:])
    return parsed


def _allows(sources: list[str], load: Load, *, scripts: bool) -> bool:
    if scripts:
        hashes = [f"'{word}'" for word in load.integrity.split()]
        if (load.nonce and f"'nonce-{load.nonce}'" in sources) or (
            hashes and all(word in sources for word in hashes)
        ):
            return True
        if "'strict-dynamic'" in [source.lower() for source in sources]:
            return load.imported  # then addresses do not count
    page, url = urlsplit(load.page), urlsplit(load.url)
    return any(_matches(source, url, page) for source in sources)


def _matches(source: str, url: SplitResult, page: SplitResult) -> bool:
    lower = source.lower()
    if lower == "'self'":
        return url.hostname == page.hostname and _same_or_safer(page, url)
    if lower == "*":
        return url.scheme in _PORTS
    if re.fullmatch(r"[a-z][a-z0-9+.-]*:", lower):
        return _scheme_fits(lower[:-1], url.scheme)
    parts = None if lower.startswith("'") else _HOST.fullmatch(source)
    return parts is not None and _host_matches(parts, url, page)


def _host_matches(parts: re.Match[str], url: SplitResult, page: SplitResult) -> bool:
    scheme, host, port, path = parts.groups()
    name = url.hostname or ""
    wanted = host.lower()
    return (
        _scheme_fits((scheme or page.scheme).lower(), url.scheme)
        and (wanted in ("*", name) or (wanted[:2] == "*." and name.endswith(wanted[1:])))
        and _port_fits(port, url)
        and _path_fits(path, url.path or "/")
    )


def _same_or_safer(page: SplitResult, url: SplitResult) -> bool:
    if page.scheme == url.scheme:
        return _port(page) == _port(url)
    return _scheme_fits(page.scheme, url.scheme) and {_port(page), _port(url)} <= {80, 443}


def _scheme_fits(wanted: str, scheme: str) -> bool:
    return scheme == wanted or (wanted == "http" and scheme == "https")


def _port_fits(wanted: str | None, url: SplitResult) -> bool:
    if wanted == "*":
        return True
    if wanted is None:
        return _port(url) == _PORTS.get(url.scheme)
    return int(wanted) == _port(url) or (wanted == "80" and _port(url) == 443)


def _path_fits(wanted: str | None, path: str) -> bool:
    if not wanted or wanted == "/":
        return True
    return path.startswith(wanted) if wanted.endswith("/") else path == wanted


def _port(url: SplitResult) -> int | None:
    try:
        return url.port or _PORTS.get(url.scheme)
    except ValueError:
        return None
