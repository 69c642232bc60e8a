"""Rebuilds `data/matomo.json` from Matomo's public-domain lists.

    python -m darksocial.rules.build DIRECTORY

DIRECTORY holds Socials.yml, SearchEngines.yml and AIAssistants.yml of
github.com/matomo-org/searchengine-and-social-list (CC0). Only names and hosts are taken.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

FILES = {"social": "Socials.yml", "search": "SearchEngines.yml", "ai": "AIAssistants.yml"}
TARGET = Path(__file__).parent / "data" / "matomo.json"


def entries(text: str) -> Iterator[tuple[str, str]]:
    """Yield (application, host) of one list: the subset of YAML that these lists are."""
    application, section = "", ""
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped or stripped.startswith("#") or stripped == "-":
            continue
        value = stripped.removeprefix("- ").strip()
        bare = value.rstrip(":").strip("'\"")
        if not line.startswith(" "):
            application, section = unquote(bare), "urls"
        elif value.endswith(":"):
            section = bare
        elif section == "urls" and stripped.startswith("- "):
            yield application, value.strip("'\"")


def host_pattern(url: str) -> str | None:
    """Return our form of a listed host, or `None` where it names no host.

    `{}` stands for a country: at the end it becomes `*`, in front it goes, since subdomains
    count anyway. A reversed name (com.reddit.frontpage) is an Android package, kept elsewhere.
    """
    host, slash, path = url.partition("/")
    host = host.removeprefix("www.").removeprefix("{}.").lower()
    if host.endswith(".{}"):
        host = host[:-2] + "*"
    if "{}" in host or "." not in host or re.match(r"(com|org|linkedin)\.", host):
        return None
    return host + slash + path


def build(directory: Path) -> dict[str, dict[str, list[str]]]:
    """Return hosts by kind and application."""
    result: dict[str, dict[str, list[str]]] = {}
    for kind, name in FILES.items():
        found: dict[str, set[str]] = {}
        for application, url in entries((directory / name).read_text(encoding="utf-8")):
            if pattern := host_pattern(url):
                found.setdefault(application, set()).add(pattern)
        result[kind] = {application: sorted(hosts) for application, hosts in sorted(found.items())}
    return result


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    text = json.dumps(build(Path(arguments[0])), ensure_ascii=False, indent=1)
    TARGET.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
