"""The command `darksocial`."""

from __future__ import annotations

import sys


def run() -> None:
    """Entry point of the command; Ctrl-C ends it in one word, also while it is being imported."""
    try:
        from darksocial.cli.main import main
    except KeyboardInterrupt:
        sys.exit("Aborted!")
    main(prog_name="darksocial")
