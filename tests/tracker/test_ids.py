"""Hit ids: 63 bits, sorted by time, never twice from one process."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tracker_server.ids import Ids

NOW = 1_795_000_000_123


def test_ids_of_one_millisecond_differ() -> None:
    ids = Ids()
    made = [ids.new(NOW) for _ in range(100_000)]
    assert made == sorted(set(made))


def test_ids_sort_by_time() -> None:
    ids = Ids()
    made = [ids.new(NOW + step) for step in range(3000)]
    assert made == sorted(made)
    assert {identity >> 30 for identity in made} == {1_795_000_000 + s for s in range(4)}
    assert max(made) < 2**63


def test_a_clock_that_goes_back_repeats_no_id() -> None:
    ids = Ids()
    made = [ids.new(NOW + step) for step in (0, 0, 5, 0, 0, 5, -3, 0)]
    assert len(set(made)) == len(made)


def test_threads_share_one_maker() -> None:
    ids = Ids()
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(ids.new, [NOW] * 20_000))
    assert len(set(made)) == len(made)
