"""How often the rules are right, on corpora that you name; beside it what other lists say.

    python benchmarks/accuracy.py [--agents FILE ...] [--referrers FILE ...] [--wrong COUNT]

A corpus is JSON lines (.jsonl, .json), or CSV or TSV with a heading.

- agents: `user_agent`, `kind` and, where known, `application`. `kind` is one of browser, in_app,
  preview, assistant, feed, bot; or only `person` (browser or in_app) or `program` (the others).
- referrers: `url`, `kind` and, where known, `application`. `kind` is one of messenger, email,
  social, search, ai, document, referral.

Without files the corpora of the project's own tests are used: those the rules were made with.
Applications are compared without regard to case and signs. `--wrong` lists lines that differ.
`user-agents`, `crawler-user-agents`, `ua-parser` and, where it is installed, `is-bot` know only
people and programs, and are asked just that.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import crawleruseragents
import ua_parser
import user_agents
from bench import machine, table
from ua_parser.regex import Resolver

import darksocial as ds
from darksocial.model import AGENT_KINDS, REFERRER_KINDS

CORPUS = Path(__file__).parent.parent / "tests" / "rules" / "corpus"
PEOPLE = ("browser", "in_app")
_SIGNS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a corpus and what the rules say of it."""

    text: str
    kind: str
    application: str
    found: str
    named: str

    @property
    def right(self) -> bool:
        if self.kind in ("person", "program"):
            return (self.found in PEOPLE) == (self.kind == "person")
        return self.found == self.kind

    @property
    def named_right(self) -> bool:
        return self.right and _plain(self.named) == _plain(self.application)

    @property
    def person(self) -> bool:
        return self.kind in (*PEOPLE, "person")


def _plain(name: str) -> str:
    return _SIGNS.sub("", name.lower())


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a corpus."""
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        if path.suffix in (".jsonl", ".json", ".ndjson"):
            yield from (json.loads(line) for line in file if line.strip())
        else:
            delimiter = "\t" if path.suffix == ".tsv" else ","
            yield from csv.DictReader(file, delimiter=delimiter)


def own_agents() -> Iterator[dict[str, str]]:
    """Yield the corpus of the tests, whose files have the kind as their name."""
    for kind in AGENT_KINDS:
        for parts in _own(f"{kind}.tsv"):
            application = parts[0] if len(parts) == 3 and parts[0] != "-" else ""
            yield {"user_agent": parts[-1], "kind": kind, "application": application}


def own_referrers() -> Iterator[dict[str, str]]:
    for kind, application, url in _own("referrers.tsv"):
        if kind != "-":
            name = "" if application == "-" else application
            yield {"url": url, "kind": kind, "application": name}


def _own(name: str) -> Iterator[list[str]]:
    for line in (CORPUS / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


def judged(corpus: Iterable[dict[str, str]], field: str) -> list[Line]:
    ask = ds.agent if field == "user_agent" else ds.referrer
    lines = []
    for row in corpus:
        found = ask(row[field])
        application = row.get("application") or ""
        lines.append(
            Line(
                row[field], row["kind"], application, found.kind or "none", found.application or ""
            )
        )
    return lines


def share(part: int, whole: int) -> str:
    return f"{part / whole:.2%}" if whole else ""


def summary(lines: list[Line]) -> str:
    """Return the table of what is right, by expected kind."""
    shown = []
    for kind in sorted({line.kind for line in lines}, key=_order):
        those = [line for line in lines if line.kind == kind]
        named = [line for line in those if line.application]
        shown.append(
            (
                kind,
                len(those),
                share(sum(line.right for line in those), len(those)),
                len(named) or "",
                share(sum(line.named_right for line in named), len(named)),
            )
        )
    return table(["kind", "lines", "right kind", "named", "right application"], shown)


def confusion(lines: list[Line]) -> str:
    """Return the table of expected kinds by found ones."""
    counts = Counter((line.kind, line.found) for line in lines)
    expected = sorted({line.kind for line in lines}, key=_order)
    found = sorted({line.found for line in lines}, key=_order)
    heads = ["expected \\ found", *found]
    return table(
        heads, [(kind, *(counts[kind, other] or "" for other in found)) for kind in expected]
    )


def _order(kind: str) -> tuple[int, str]:
    kinds = (*AGENT_KINDS, *REFERRER_KINDS)
    return (kinds.index(kind) if kind in kinds else len(kinds), kind)


def others() -> dict[str, Callable[[str], bool]]:
    """Return what other lists say: whether an agent is a program."""
    parser = ua_parser.Parser(Resolver(ua_parser.load_builtins()))

    def spider(agent: str) -> bool:
        device = parser.parse_device(agent)
        return device is not None and device.family == "Spider"

    known = {
        "user-agents": lambda agent: user_agents.parse(agent).is_bot,
        "crawler-user-agents": crawleruseragents.is_crawler,
        "ua-parser": spider,
    }
    try:
        from is_bot import Bots
    except ImportError:
        print("is-bot is not installed: left out.", file=sys.stderr)
    else:
        known["is-bot"] = Bots().is_bot
    return known


def side_by_side(lines: list[Line]) -> str:
    """Return the table of how often each list tells people from programs, by expected kind."""
    judges: dict[str, Callable[[str], bool]] = {
        "darksocial": lambda agent: ds.agent(agent).kind not in PEOPLE,
        **others(),
    }
    shown = []
    for kind in sorted({line.kind for line in lines}, key=_order):
        those = [line for line in lines if line.kind == kind]
        right = [
            share(sum(bool(judge(line.text)) != line.person for line in those), len(those))
            for judge in judges.values()
        ]
        shown.append((kind, len(those), *right))
    return table(["person or program", "lines", *judges], shown)


def arguments(values: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--agents", type=Path, nargs="+", default=[])
    parser.add_argument("--referrers", type=Path, nargs="+", default=[])
    parser.add_argument("--wrong", type=int, default=0, metavar="COUNT")
    return parser.parse_args(values)


def show(title: str, lines: list[Line], wrong: int) -> None:
    print(f"\n{title}\n\n{summary(lines)}\n\n{confusion(lines)}")
    differing = [line for line in lines if not (line.right and _name_right(line))]
    for line in differing[:wrong]:
        print(f"  {line.kind} {line.application} -> {line.found} {line.named}: {line.text[:200]}")


def _name_right(line: Line) -> bool:
    return line.named_right or not line.application


def main(values: list[str]) -> int:
    warnings.simplefilter("ignore", DeprecationWarning)  # user-agents uses ua-parser's old door
    asked = arguments(values)
    nothing = not (asked.agents or asked.referrers)
    agents: Iterable[dict[str, str]] = (row for path in asked.agents for row in rows(path))
    referrers: Iterable[dict[str, str]] = (row for path in asked.referrers for row in rows(path))
    if nothing:
        print("The corpora of the project's own tests:")
        agents, referrers = own_agents(), own_referrers()
    if lines := judged(agents, "user_agent"):
        show("Agents", lines, asked.wrong)
        print(f"\n{side_by_side(lines)}")
    if lines := judged(referrers, "url"):
        show("Referrers", lines, asked.wrong)
    print("\n" + machine("ua-parser", "user-agents", "crawler-user-agents"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
