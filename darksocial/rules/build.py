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
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from darksocial.rules import data, referrers

FILES = {"social": "Socials.yml", "search": "SearchEngines.yml", "ai": "AIAssistants.yml"}
TARGET = Path(__file__).parent / "data" / "matomo.json"
ABOUT = (
    "Built by darksocial/rules/build.py from Matomo's lists, which are in the public domain "
    "(CC0 1.0, github.com/matomo-org/searchengine-and-social-list); not to be edited by hand. "
    "The form is that of referrers.json."
)

# Listed by Matomo, but a visit from there comes from something else.
DROPPED = {
    "cnn.com": "a newspaper",
    "msnbc.msn.com": "a newspaper",
    "facebook.com": "listed as a search engine",
    "perplexity.ai": "listed as a search engine",
    "chatgpt.com": "listed as a search engine",
    "chat.openai.com": "listed as a search engine",
    "you.com": "listed as a search engine",
    "rpmfind.net": "a mirror of packages",
    "fr2.rpmfind.net": "a mirror of packages",
    "login.live.com": "a page to sign in",
    "translate.google.com": "a page translated for the reader, from anywhere",
    "icq.com": "a messenger",
    "search.icq.com": "closed, and its parent is a messenger",
}


def entries(text: str) -> Iterator[tuple[str, str]]:
    """Yield (application, address) of one list: the subset of YAML that these lists are."""
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


def pattern(kind: str, address: str) -> str | None:
    """Return our form of a listed address, or `None` where it names no host to use.

    `{}` stands for a country: at the end it becomes `*`, in front it goes. Search engines are
    listed host by host, so theirs is exact. A reversed name (com.reddit.frontpage) is an
    Android package, and those stand in referrers.json.
    """
    host, slash, path = address.partition("/")
    any_country = host.startswith("{}.")
    host = host.removeprefix("{}.").removeprefix("www.").lower()
    if host.endswith(".{}"):
        host = host[:-2] + "*"
    if "{}" in host or "." not in host or re.match(r"(?:com|org|linkedin)\.", host):
        return None
    if host in DROPPED and (kind == "search" or host == "login.live.com"):
        return None
    exact = "=" if kind == "search" and not any_country else ""
    return exact + host + slash + path.strip("/")


def covered(made: str) -> bool:
    """Return whether our own list has the host or its parent, and so decides anyway."""
    host = made.lstrip("=").partition("/")[0].replace("*", "de")
    exact, others = _own()
    return any(
        name in others or (name in exact and subdomain in referrers.SAME_SITE)
        for name, subdomain in referrers.names(host)
    )


@cache
def _own() -> tuple[set[str], set[str]]:
    """Return the names of our own list that stand for themselves alone, and the others."""
    kinds = data.load("referrers.json")["hosts"].values()
    listed = [host for applications in kinds for hosts in applications.values() for host in hosts]
    names = [(host[0] == "=", host.lstrip("=").partition("/")[0]) for host in listed]
    return {name for exact, name in names if exact}, {name for exact, name in names if not exact}


def build(directory: Path) -> dict[str, dict[str, list[str]]]:
    """Return patterns by kind and application."""
    result: dict[str, dict[str, list[str]]] = {}
    for kind, name in FILES.items():
        found: dict[str, set[str]] = {}
        for application, address in entries((directory / name).read_text(encoding="utf-8")):
            made = pattern(kind, address)
            if made and not covered(made):
                found.setdefault(application, set()).add(made)
        result[kind] = {name: sorted(hosts) for name, hosts in sorted(found.items())}
    return result


def render(hosts: dict[str, dict[str, list[str]]]) -> str:
    """Return the text of the data file: one line for each application."""
    kinds = []
    for kind, applications in hosts.items():
        lines = [
            f"   {json.dumps(name, ensure_ascii=False)}: {json.dumps(patterns)}"
            for name, patterns in applications.items()
        ]
        kinds.append(f'  "{kind}": {{\n' + ",\n".join(lines) + "\n  }")
    body = ",\n".join(kinds)
    return f'{{\n "about": {json.dumps(ABOUT)},\n "hosts": {{\n{body}\n }}\n}}\n'


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    TARGET.write_text(render(build(Path(arguments[0]))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
