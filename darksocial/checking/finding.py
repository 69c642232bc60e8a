"""What a check found, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LEVELS = ("ok", "note", "warning", "error")


def said(trouble: Exception) -> str:
    """Return an exception's message as it was made."""
    message = trouble.args[0] if trouble.args else ""
    return message if isinstance(message, str) else str(trouble)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: `level` is one of `LEVELS`, `check` names what was looked at.

    `advice` says what to do and is empty where nothing has to be done.
    """

    level: str
    check: str
    text: str
    advice: str = ""

    @property
    def line(self) -> str:
        """The finding as one line without control characters."""
        text = f"{self.text} {self.advice}".strip()
        shown = "".join(letter if letter.isprintable() else " " for letter in text)
        return f"{self.level:<8}{self.check}: {shown}"


def ok(check: str, text: str) -> Finding:
    return Finding("ok", check, text)


def note(check: str, text: str, advice: str = "") -> Finding:
    return Finding("note", check, text, advice)


def warning(check: str, text: str, advice: str) -> Finding:
    return Finding("warning", check, text, advice)


def error(check: str, text: str, advice: str) -> Finding:
    return Finding("error", check, text, advice)


def worst(findings: Iterable[Finding]) -> str:
    """Return the worst level among the findings, `ok` where there are none."""
    return max((finding.level for finding in findings), key=LEVELS.index, default="ok")
