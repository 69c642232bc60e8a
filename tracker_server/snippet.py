"""The built snippet: the files that the tracker serves, and their integrity hashes."""

from __future__ import annotations

import hashlib
import json
import re
import sysconfig
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from darksocial.errors import InputError

_HERE = Path(__file__).resolve().parent
# A checkout has it where it was built; an installed package among its shared files.
PLACES = (
    _HERE.parent / "js_snippet" / "dist" / "ds.js",
    Path(sysconfig.get_path("data")) / "share" / "darksocial" / "snippet" / "ds.js",
)
SCRIPT = "ds.js"
SHORT_SECONDS = 3600
LONG_SECONDS = 365 * 24 * 3600

_NAME = re.compile(
    r"(?:ds|more|survey)(\.[0-9]+\.[0-9]+\.[0-9]+)?\.js|ds\.mjs|ds\.js\.map", re.ASCII
)
_JAVASCRIPT = "text/javascript; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A file's bytes, their strong entity tag without quotes, and how it is sent."""

    body: bytes
    tag: str
    kind: str = _JAVASCRIPT
    caching: str = f"public, max-age={SHORT_SECONDS}"


def load(name: str = SCRIPT) -> Snippet | None:
    """Return a file of the built snippet, or `None` for a name that it does not have.

    A file that was built again is read again. Raises `InputError` where nothing is built.
    """
    if not _NAME.fullmatch(name):
        return None
    path = _directory() / name
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError:
        return None


def integrity() -> tuple[str, str]:
    """Return the name of the file whose content never changes, and its integrity hash."""
    path = _directory() / "sri.json"
    try:
        told = json.loads(path.read_bytes())
        name = f"ds.{told['version']}.js"
        return name, str(told["integrity"][name])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"The hashes of the snippet in {path} cannot be read; "
            "run `npm ci && npm run build` in js_snippet."
        ) from error


def _directory() -> Path:
    for path in PLACES:
        if path.is_file():
            return path.parent
    raise InputError(
        f"The snippet ds.js is not built: neither {PLACES[0]} nor {PLACES[-1]} can be read; "
        "run `npm ci && npm run build` in js_snippet."
    )


@lru_cache(maxsize=16)
def _read(path: Path, modified: int) -> Snippet:
    body = path.read_bytes()
    tag = hashlib.sha256(body).hexdigest()[:32]
    if path.name.endswith(".map"):
        return Snippet(body, tag, "application/json")
    if _is_pinned(path.name):
        # The version in the name changes with the content.
        return Snippet(body, tag, caching=f"public, max-age={LONG_SECONDS}, immutable")
    return Snippet(body, tag)


def _is_pinned(name: str) -> bool:
    match = _NAME.fullmatch(name)
    return bool(match and match[1])
