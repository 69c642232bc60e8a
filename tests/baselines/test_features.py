"""What the baselines see of a visit: literal visits in, levels out."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pyarrow as pa
import pytest

from darksocial.baselines.features import Visits, page_class, path_of
from darksocial.errors import InputError

DEEP = "https://example.com/city/a-long-story"


def visits(*rows: tuple[str, str, str | None], **columns: list[Any]) -> Visits:
    """Return visits from (time of day, URL, token or None)."""
    day = datetime(2026, 9, 1, tzinfo=timezone.utc)
    clock = [datetime.strptime(when, "%H:%M") for when, _, _ in rows]
    return Visits(
        pa.table(
            {
                "ts": [day.replace(hour=one.hour, minute=one.minute) for one in clock],
                "url": [url for _, url, _ in rows],
                "token": [token for _, _, token in rows],
                "evidence": ["token" if token else "model" for _, _, token in rows],
                **columns,
            }
        )
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", 0),
        ("", 0),
        ("/index.html", 0),
        ("/city/", 1),
        ("/world", 1),
        ("/city-7/", 1),
        ("/city/a-long-story", 2),
        ("/how-to-bake-bread/", 2),
        ("/news/4711", 2),
        ("/report.pdf", 2),
        ("/an_unusually_long_single_segment", 2),
    ],
)
def test_page_classes(path: str, expected: int) -> None:
    assert page_class(path) == expected


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://example.com", "/"),
        ("https://example.com?ds=x", "/"),
        ("https://example.com/a/b?ds=x#c", "/a/b"),
        ("/a/b?x=1", "/a/b"),
    ],
)
def test_the_path_of_an_address(url: str, path: str) -> None:
    assert path_of(url) == path


def test_a_token_in_the_address_makes_no_page_of_its_own() -> None:
    found = visits(("09:00", DEEP, None), ("09:10", f"{DEEP}?ds=T1", "T1"))
    assert found.page.tolist() == [0, 0]


def test_recency_leaves_out_the_visit_s_own_token() -> None:
    """Levels: below 15 minutes, an hour, four hours, a day, a week, never."""
    found = visits(
        ("08:00", DEEP, None),  # nothing was passed on before
        ("09:00", DEEP, "T1"),  # nothing but its own token
        ("09:05", DEEP, "T1"),
        ("09:10", DEEP, None),  # T1, five minutes ago
        ("09:30", DEEP, "T2"),  # T1, 25 minutes ago
        ("09:35", DEEP, "T2"),  # T1, 30 minutes ago: T2 is its own
        ("12:00", DEEP, None),  # T2, more than two hours ago
        ("12:00", "https://example.com/", None),  # another page
    )
    assert found.features["recency"].tolist() == [5, 5, 5, 0, 1, 1, 2, 5]


def test_the_burst_counts_tagged_and_untagged_alike_and_leaves_the_visit_out() -> None:
    alone = visits(("03:00", DEEP, None), ("20:00", DEEP, None))
    assert alone.features["burst"].tolist() == [0, 0]
    rows = [("09:00", DEEP, None), ("09:01", DEEP, "T1"), ("09:02", DEEP, "T2")]
    crowd = visits(*rows, ("20:00", DEEP, None))
    levels = crowd.features["burst"].tolist()
    assert levels[0] == levels[1] == levels[2] > levels[3]


def test_the_age_counts_from_when_a_page_was_first_seen() -> None:
    found = visits(("01:00", DEEP, None), ("06:00", DEEP, None), ("08:00", DEEP, None))
    assert found.features["age"].tolist() == [0, 0, 1]


def test_what_is_not_known_is_a_level_of_its_own() -> None:
    found = visits(
        *[("09:00", DEEP, None)] * 4,
        returning=[True, False, None, None],
        url_seen=[True, False, None, False],
        fetch_site=["none", "cross-site", None, ""],
    )
    assert len(set(found.features["visitor"].tolist())) == 4
    assert len(set(found.features["fetch_site"].tolist())) == 3


def test_a_frame_without_evidence_is_refused() -> None:
    table = pa.table({"ts": pa.array([0], pa.timestamp("s")), "url": [DEEP]})
    with pytest.raises(InputError, match="no column 'evidence'"):
        Visits(table)


def test_times_as_texts_are_refused() -> None:
    table = pa.table({"ts": ["2026-09-01"], "url": [DEEP], "evidence": ["model"]})
    with pytest.raises(InputError, match=r"pandas\.to_datetime"):
        Visits(table)


def test_a_visit_whose_token_a_preview_had_fetched_is_tagged() -> None:
    table = pa.table(
        {
            "ts": pa.array([0, 1, 2], pa.timestamp("s")),
            "url": [DEEP] * 3,
            "evidence": ["preview", "model", "referrer"],
        }
    )
    found = Visits(table)
    assert found.position.tolist() == [0, 1]
    assert found.tagged.tolist() == [True, False]
