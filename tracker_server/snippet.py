"""The built snippet that `/ds.js` serves."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from darksocial.errors import InputError

_HERE = Path(__file__).resolve().parent
# An installed package carries a copy; a checkout has it where it was built.
PLACES = (_HERE / "static" / "ds.js", _HERE.parent / "js_snippet" / "dist" / "ds.js")


@dataclass(frozen=True, slots=True)
class Snippet:
    """The script's bytes and their strong entity tag, without quotes."""

    body: bytes
    tag: str


def load() -> Snippet:
    """Return the snippet of the first place that has one, or raise `InputError`.

    A file that was built again is read again.
    """
    for path in PLACES:
        try:
            return _read(path, path.stat().st_mtime_ns)
        except OSError:
            continue
    raise InputError(
        f"The snippet ds.js is not built: neither {PLACES[0]} nor {PLACES[-1]} can be read; "
        "run `npm ci && npm run build` in js_snippet."
    )


@lru_cache(maxsize=4)
def _read(path: Path, modified: int) -> Snippet:
    body = path.read_bytes()
    return Snippet(body, hashlib.sha256(body).hexdigest()[:32])
