"""The reject file of an import: lines that could not be read, each with number and reason.

What may say who somebody is goes before anything is written: addresses are truncated like
everywhere else; the user, query strings and e-mail addresses become `-`. The file goes with its
import, and with the raw hits of its age.
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

MOST = 10_000

_IPV4 = re.compile(r"(?<![\d.])(\d{1,3}\.\d{1,3})\.\d{1,3}\.\d{1,3}(?![\d.]*\d)")
_IPV6 = re.compile(r"(?<![0-9A-Fa-f:])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![0-9A-Fa-f:])")
# What stands between the client and the time: who the server took it for.
_USER = re.compile(r'^(\S+(?: \S+)??) -(?: [^"\[]*|$)')
_NAMED_USER = re.compile(r'^(\S+) [^"\[]*(?=\[\d)')
_USER_FIELD = re.compile(r'("(?:remote_?)?user(?:_?name)?" ?: ?")[^"]*')
_QUERY = re.compile(r'\?[^\s"]+')
# Bounded, so that a long text without an address costs no time.
_MAIL = re.compile(r"""[^\s"'<>/@=&?;,:]{1,64}(?:@|%40)[^\s"'<>/@=&?;,:]{1,255}""")


class Rejects:
    """A JSON Lines file, made when the first line comes; at most `MOST` lines are kept."""

    def __init__(self, directory: Path, site: str, import_id: str) -> None:
        self.path = place(directory, site, import_id)
        self._kept = 0

    def resume(self, lines: int) -> None:
        """Forget what was written of lines after the first `lines`: they are read again."""
        if not self.path.exists():
            return
        text = self.path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [row for row in text if row.endswith("\n") and json.loads(row)["line"] <= lines]
        self.path.write_text("".join(kept), encoding="utf-8")
        self._kept = len(kept)

    @property
    def written(self) -> Path | None:
        """The file, where this import has put lines into it."""
        return self.path if self._kept else None

    @property
    def room(self) -> int:
        """How many more lines may be kept."""
        return max(0, MOST - self._kept)

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Append lines: rows with number, reason and text."""
        lines = [
            json.dumps(
                {"line": row["number"], "reason": row["reason"], "text": blanked(row["text"])},
                ensure_ascii=False,
            )
            for row in rows
        ]
        if not lines:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with open(descriptor, "a", encoding="utf-8", errors="replace") as file:
            file.write("\n".join(lines) + "\n")
        self._kept += len(lines)


def place(directory: Path, site: str, import_id: str) -> Path:
    """Return where the rejects of an import into a site stand."""
    # Neither hosts nor names of sources have a plus sign, so no two imports share a name.
    return directory / f"import+{site}+{import_id}.jsonl".replace(":", "+")


def blanked(text: str) -> str:
    """Return the text of a line without what may say who somebody is."""
    text, found = _USER.subn(r"\1 - - ", text)
    text = text if found else _NAMED_USER.sub(r"\1 - - ", text)
    text = _USER_FIELD.sub(r"\1-", _QUERY.sub("?-", text))
    return truncated(_MAIL.sub("-", text))


def truncated(text: str) -> str:
    """Return the text with every address in it cut: IPv4 to /16, IPv6 to /48."""
    return _IPV6.sub(_network, _IPV4.sub(r"\1.0.0", text))


def _network(match: re.Match[str]) -> str:
    try:
        address = ipaddress.IPv6Address(match[0])
    except ValueError:
        return match[0]
    return str(ipaddress.ip_network((address, 48), strict=False).network_address)
