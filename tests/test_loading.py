"""What is heavy is loaded when it is used: a tracker worker never loads an engine."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("chdb", "clickhouse_driver", "flask", "granian", "pandas", "polars")


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import darksocial", HEAVY),
        ("import darksocial; darksocial.agent('curl/8')", HEAVY),
        ("import darksocial.cli.main", (*HEAVY, "user_agents")),
        ("import darksocial.drain", ("chdb", "flask", "granian", "pandas", "polars")),
        ("import tracker_server.app", ("chdb", "clickhouse_driver", "pyarrow", "pandas")),
        ("import tracker_server.server", ("chdb", "clickhouse_driver", "pyarrow", "pandas")),
    ],
)
def test_what_is_heavy_is_loaded_when_it_is_used(statement: str, absent: tuple[str, ...]) -> None:
    code = f"import sys; {statement}; print([name for name in {absent!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (run.stdout.strip(), run.stderr) == ("[]", "")


def test_an_interrupt_while_a_command_is_loaded_ends_it_in_one_word() -> None:
    code = """
import sys
from darksocial.cli import run

class Interrupted:
    def find_spec(self, name, *_):
        if name == "darksocial.reports":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupted())
run()
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stdout, run.stderr) == (1, "", "Aborted!\n")
