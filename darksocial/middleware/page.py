"""What both middlewares do with a request and its answer."""

from __future__ import annotations

from collections.abc import Callable

from darksocial.model import FETCH_SITES
from darksocial.rules.headers import NAMES

# The name under which the snippet looks for it.
TIMING = "sec-fetch-site"
MAX_HINT = 512
# A cache that many share would hand one visitor's value to all.
_SHARED = ("public", "s-maxage")


def tagged(query: str) -> bool:
    """Return whether a query string carries a share token or the code of a link."""
    return query.startswith("ds=") or "&ds=" in query


def hints(get: Callable[[str], str | None]) -> dict[str, str]:
    """Return the client hints of a request, by the names of their headers."""
    return {name: value[:MAX_HINT] for name in NAMES if (value := get(name))}


def timing(fetch_site: str, destination: str, refuses: str) -> str | None:
    """Return the value of a Server-Timing header for a page request, or `None`.

    `destination` is Sec-Fetch-Dest; `refuses` is DNT or Sec-GPC, whichever says 1.
    """
    if fetch_site not in FETCH_SITES or destination != "document" or refuses[:1] == "1":
        return None
    return f'{TIMING};desc="{fetch_site}"'


def may_carry(content_type: str, cache_control: str) -> bool:
    """Return whether an answer may carry what belongs to one request alone."""
    if not content_type.startswith(("text/html", "application/xhtml")):
        return False
    return not any(word in cache_control for word in _SHARED)
