"""What a fetch for a preview says of the application in which a link was passed on.

The table is `data/previews.json`: one entry a kind of application, and one for each application
that behaves otherwise, with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from darksocial.rules import data

LOW, PUBLIC = "low", "public"
# Where two applications fetched a token within so short a time, time cannot tell whose click it is.
AMBIGUOUS_SECONDS = 600
# The code of a managed link is pasted by many, so there a whole day has to be clear.
AMBIGUOUS_CODE_SECONDS = 24 * 3600
# A fetch may be recorded a moment after the click that it belongs to.
AROUND_SECONDS = 60
# A code lives on for years: what fetched it long ago says nothing of a click today.
CODE_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Sign:
    """How sure an application's fetch makes us.

    `certainty` is high, medium or low; `place` private, public or either; `fetched` sent,
    composer, device or instance; with `caches` a missing fetch says nothing.
    """

    certainty: str
    place: str
    fetched: str
    caches: bool
    why: str


def sign(application: str, kind: str) -> Sign:
    """Return what a preview by an application of a kind (`model.APPLICATION_KINDS`) says."""
    applications, kinds = _table()
    return applications.get(application) or kinds.get(kind) or kinds["unknown"]


def named_low() -> tuple[list[str], list[str]]:
    """Return the applications and the kinds whose fetches name nobody; "" is one of both."""
    applications, kinds = _table()
    return (
        ["", *(name for name, entry in applications.items() if entry.certainty == LOW)],
        ["", *(name for name, entry in kinds.items() if entry.certainty == LOW)],
    )


def public() -> list[str]:
    """Return the applications in which a link is posted in public."""
    return [name for name, entry in _table()[0].items() if entry.place == PUBLIC]


@cache
def _table() -> tuple[dict[str, Sign], dict[str, Sign]]:
    loaded = data.load("previews.json")
    applications, kinds = (
        {name: Sign(**entry) for name, entry in loaded[part].items()}
        for part in ("applications", "kinds")
    )
    return applications, kinds
