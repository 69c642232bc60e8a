"""The rules as data files, and the one function that reads them."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any


def load(name: str) -> Any:
    """Return the content of a JSON file of this package."""
    return json.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))
