"""`python -m tracker_server`: the tracker alone, with the settings of its environment."""

from __future__ import annotations

import sys

from darksocial import settings
from darksocial.errors import DarksocialError
from tracker_server.server import run


def main() -> int:
    try:
        run(settings.load())
    except DarksocialError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
