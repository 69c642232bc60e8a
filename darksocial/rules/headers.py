"""Client hints as a record keeps them: what a browser's headers say beyond its user agent.

Chromium sends a hundred bytes of hints with every request, most of which its agent says as well.
Only the rest is kept, as `brand=Brave/141;os=macOS;mobile;tablet;app=com.whatsapp`, each part
where it says something; most browsers leave nothing. Nothing here knows the rules, so that the
tracker need not load them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

NAMES = (
    "sec-ch-ua",
    "sec-ch-ua-platform",
    "sec-ch-ua-mobile",
    "sec-ch-ua-form-factors",
    "x-requested-with",
)
LIMIT = 200
TABLET = '"Tablet"'
MOBILE = "?1"

_BRAND = re.compile(r'"((?:[^"\\]|\\.)*)";\s*v="([^"]*)"')
_NAME = re.compile(r"[\w .-]{1,40}", re.ASCII)
_VERSION = re.compile(r"\d{1,9}")
# Of a script's own header of that name, XMLHttpRequest, nothing is to be learnt.
PACKAGE = r"[A-Za-z]\w*(?:\.[A-Za-z_]\w*)+"
LONGEST_PACKAGE = 100
_PACKAGE = re.compile(PACKAGE, re.ASCII)
# Brands that stand in the agent too, and the sign by which a made-up brand is told.
_SAID = ("Chromium", "Google Chrome", "Microsoft Edge")
_MADE_UP = "Not"
_PLATFORMS = {
    "Windows": "Windows NT",
    "macOS": "Macintosh",
    "Android": "Android",
    "Linux": "Linux",
    "Chrome OS": "CrOS",
    "Chromium OS": "CrOS",
}


def brands(value: str) -> dict[str, str]:
    """Return the brands of a `Sec-CH-UA` header and their versions, without made-up ones."""
    found = dict(_BRAND.findall(value))
    return {
        name: version
        for name, version in found.items()
        if _NAME.fullmatch(name) and not name.startswith(_MADE_UP)
    }


def condense(user_agent: str, headers: Mapping[str, str]) -> str:
    """Return what headers say that the agent does not; names in small letters, as in `NAMES`."""
    return ";".join(_parts(user_agent, headers))[:LIMIT]


def _parts(agent: str, headers: Mapping[str, str]) -> Iterator[str]:
    for name, version in brands(headers.get("sec-ch-ua", "")[:1024]).items():
        if name not in _SAID and (major := _VERSION.match(version)):
            yield f"brand={name}/{major[0]}"
    platform = headers.get("sec-ch-ua-platform", "").strip('"')
    if platform != "Unknown" and _NAME.fullmatch(platform) and not _implied(platform, agent):
        yield f"os={platform}"
    if headers.get("sec-ch-ua-mobile") == MOBILE and "Mobile" not in agent:
        yield "mobile"
    if TABLET in headers.get("sec-ch-ua-form-factors", ""):
        yield "tablet"
    package = headers.get("x-requested-with", "")
    if len(package) <= LONGEST_PACKAGE and _PACKAGE.fullmatch(package):
        yield f"app={package}"


def _implied(platform: str, agent: str) -> bool:
    sign = _PLATFORMS.get(platform)  # Android's agents name Linux as well
    if sign is None or sign not in agent:
        return False
    return sign != "Linux" or "Android" not in agent


def expand(text: str) -> dict[str, str]:
    """Return the headers that `condense` made a text of; parts of another form are left out."""
    named: dict[str, str] = {}
    for part in text.split(";"):
        key, _, value = part.partition("=")
        if key == "brand":
            name, _, version = value.partition("/")
            before = named.get("sec-ch-ua")
            brand = f'"{name}";v="{version}"'
            named["sec-ch-ua"] = f"{before}, {brand}" if before else brand
        elif key == "os":
            named["sec-ch-ua-platform"] = f'"{value}"'
        elif key == "mobile":
            named["sec-ch-ua-mobile"] = MOBILE
        elif key == "tablet":
            named["sec-ch-ua-form-factors"] = TABLET
        elif key == "app":
            named["x-requested-with"] = value
    return named
