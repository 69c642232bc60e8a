"""Slow answers are kept for a while, and forgotten where something is changed."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from darksocial.console.recent import LONGEST_SECONDS, MOST, Recent
from darksocial.model import Site
from darksocial.reports import Report


class Asked:
    """A question that takes so many seconds of a clock, and counts how often it is asked."""

    def __init__(self) -> None:
        self.now = 0.0
        self.times = 0
        self.recent = Recent(lambda: self.now)

    def ask(self, seconds: float, key: str = "key") -> Report:
        def answer() -> Report:
            self.now += seconds
            self.times += 1
            return Report("pages", "a.example", "UTC", None, None, (), [{"path": "/"}])

        return self.recent.ask(key, answer)


@pytest.mark.parametrize(
    ("took", "later", "times"),
    [(0.2, 0.0, 2), (0.4, 3.9, 1), (0.4, 4.1, 2), (9.0, 59.0, 1), (9.0, LONGEST_SECONDS + 1, 2)],
)
def test_a_slow_answer_is_kept_ten_times_as_long(took: float, later: float, times: int) -> None:
    asked = Asked()
    asked.ask(took)
    asked.now += later
    asked.ask(took)
    assert asked.times == times


def test_who_changes_an_answer_changes_it_for_nobody_else() -> None:
    asked = Asked()
    asked.ask(1.0).rows.clear()
    first = asked.ask(1.0)
    first.rows[0]["path"] = "changed"
    assert asked.ask(1.0).rows == [{"path": "/"}]
    assert asked.times == 1


def test_other_questions_have_other_answers_and_not_too_many_are_kept() -> None:
    asked = Asked()
    for number in range(MOST + 1):
        asked.now = 0.0
        asked.ask(9.0, str(number))
    assert asked.times == MOST + 1
    asked.ask(9.0, str(MOST))
    assert asked.times == MOST + 1
    asked.ask(9.0, "0")
    assert asked.times == MOST + 2


def test_a_change_forgets_what_was_kept(
    console: Flask, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("darksocial.console.recent.SLOW_SECONDS", 0.0)
    kept: Any = console.extensions["recent"]
    browser = console.test_client()
    assert browser.get(f"/?site={site.name}").status_code in (200, 303)
    kept.ask("key", lambda: Report("pages", site.name, "UTC", None, None, (), []))
    browser.get("/healthz")
    assert "key" in kept._kept
    browser.post("/login", data={"name": "x", "password": "y"})
    assert "key" not in kept._kept
