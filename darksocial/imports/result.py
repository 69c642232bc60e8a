"""What an import was: every line that was read, by what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

# What can become of a line, in the order in which it is asked.
ALREADY_IMPORTED = "already_imported"
CATEGORIES = ("refused", "assets", "previews", "bots", "page_views", ALREADY_IMPORTED)
REFUSED = "refused: "  # in front of a reason, among the counts of the ledger

MALFORMED = "malformed line"
# Reasons for which a line is kept in the reject file.
UNREADABLE = (
    "empty line",
    "line too long",
    MALFORMED,
    "unfinished last line",
    "impossible time",
    "malformed request",
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is. `size` is 0 where nobody knows it; both are bytes of the file."""

    lines: int
    done: int
    size: int
    seconds: float


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of the lines of a log; the categories add up to `lines`.

    `import_id` is empty where there was nothing new. `rejects` is the file with the lines that
    could not be read, where there are any. `notes` are sentences for whoever imported.
    `damaged` says that the end of the file could not be read.
    """

    import_id: str
    site: str
    source: str
    name: str
    lines: int
    page_views: int
    assets: int
    bots: int
    previews: int
    refused: int
    already_imported: int
    refused_reasons: Mapping[str, int]
    bytes: int
    seconds: float
    days: tuple[date, ...]
    rejects: Path | None = None
    notes: tuple[str, ...] = ()
    damaged: bool = False

    @property
    def failed(self) -> bool:
        """Whether the log is not what it should be: damaged, or without a line of use."""
        return self.damaged or self.refused == self.lines

    def summary(self) -> str:
        """Return the one line that accounts for every line read."""
        parts = [
            _counted(self.page_views, "page view"),
            _counted(self.assets, "asset"),
            _counted(self.bots, "bot"),
            _counted(self.previews, "preview"),
            f"{self.refused:,} refused{self._reasons()}",
        ]
        if self.already_imported:
            parts.append(f"{self.already_imported:,} already imported")
        return f"{_counted(self.lines, 'line')}: {', '.join(parts)}"

    def to_json(self) -> dict[str, Any]:
        """Return the same as a dictionary that JSON can hold."""
        return {
            "import": self.import_id,
            "site": self.site,
            "source": self.source,
            "file": self.name,
            "lines": self.lines,
            "page_views": self.page_views,
            "assets": self.assets,
            "bots": self.bots,
            "previews": self.previews,
            "refused": self.refused,
            "already_imported": self.already_imported,
            "refused_reasons": dict(self.refused_reasons),
            "bytes": self.bytes,
            "seconds": round(self.seconds, 3),
            "days": [day.isoformat() for day in self.days],
            "rejects": str(self.rejects) if self.rejects else "",
            "notes": list(self.notes),
        }

    def _reasons(self) -> str:
        parts = [f"{count:,} {reason}" for reason, count in self.refused_reasons.items()]
        return f" ({', '.join(parts)})" if parts else ""


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def split_counts(counts: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the lines by category, and the refused ones by reason, most frequent first."""
    reasons = Counter(
        {kind.removeprefix(REFUSED): n for kind, n in counts.items() if kind.startswith(REFUSED)}
    )
    categories = {name: counts.get(name, 0) for name in CATEGORIES}
    categories["refused"] = reasons.total()
    return categories, dict(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])))
