"""Which addresses common block lists would act on, as far as a few patterns can tell.

The patterns are this project's own: they name what the lists were found to block, not how.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from darksocial.rules import data


def blocked_part(url: str) -> str | None:
    """Return the part of the URL's path that block lists act on, or `None`."""
    path = urlsplit(url).path
    for pattern in _patterns():
        if match := pattern.search(path):
            return match[0]
    return None


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    rows = data.load("blocked.json")["patterns"]
    return tuple(re.compile(row["pattern"], re.ASCII) for row in rows)
