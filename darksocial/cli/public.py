"""The public process: the tracker, as a child that ends with its supervisor."""

from __future__ import annotations

from darksocial.cli.processes import die_with_supervisor
from tracker_server.__main__ import main

if __name__ == "__main__":
    die_with_supervisor()
    raise SystemExit(main())
