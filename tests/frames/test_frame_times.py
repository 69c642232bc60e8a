"""Times in a frame of hits: many makes are the same moment, what is none costs one row."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest
from frame_rows import NOON, PAGE, SECONDS, hit

import darksocial as ds
from darksocial.errors import InputError
from darksocial.frame_rows import NO_TIME, _milliseconds

# Frames share the engine of an open store; opening one for each would be most of the work.
pytestmark = pytest.mark.usefixtures("embedded_store")


PLAIN = NOON.replace(tzinfo=None)


TIMES = {
    **{f"naive {unit}": pa.array([PLAIN], pa.timestamp(unit)) for unit in ("s", "ms", "us", "ns")},
    **{
        f"aware {unit}": pa.array([NOON], pa.timestamp(unit, "UTC"))
        for unit in ("s", "ms", "us", "ns")
    },
    "Berlin": pa.array([NOON], pa.timestamp("us", "Europe/Berlin")),
    "ISO, Z": pa.array(["2024-10-22T12:00:00Z"]),
    "ISO, milliseconds and Z": pa.array(["2024-10-22T12:00:00.000Z"]),
    "ISO, hundredths and Z": pa.array(["2024-10-22T12:00:00.00Z"]),
    "ISO, nanoseconds and Z": pa.array(["2024-10-22T12:00:00.000000000Z"]),
    "ISO, offset": pa.array(["2024-10-22T14:00:00+02:00"]),
    "ISO, short offset": pa.array(["2024-10-22T14:00:00+0200"]),
    "ISO, blank": pa.array(["2024-10-22 12:00:00"]),
    "ISO, blanks around": pa.array([" 2024-10-22 12:00:00 "]),
    "ISO, large": pa.array(["2024-10-22T12:00:00"], pa.large_string()),
    "ISO, view": pa.array(["2024-10-22T12:00:00"], pa.string_view()),
    "ISO, dictionary": pa.array(["2024-10-22T12:00:00"]).dictionary_encode(),
    "epoch": pa.array([SECONDS]),
    "epoch, uint32": pa.array([SECONDS], pa.uint32()),
    "epoch, float": pa.array([float(SECONDS)]),
}


@pytest.mark.parametrize("times", TIMES.values(), ids=TIMES.keys())
def test_times_of_every_make_are_the_same_moment(times: pa.Array) -> None:
    table = pa.table({"ts": times})
    assert _milliseconds(table["ts"]).to_pylist() == [SECONDS * 1000]


def test_times_of_every_make_come_back_as_they_were() -> None:
    for name in ("naive ns", "Berlin", "ISO, view", "ISO, dictionary", "epoch"):
        table = pa.table({"ts": TIMES[name], "url": [PAGE]})
        assert ds.reclassify(table).visits["ts"].to_pylist() == table["ts"].to_pylist(), name


def test_fractions_of_a_second_are_kept_to_the_millisecond() -> None:
    texts = ["2024-10-22T12:00:00.5Z", "2024-10-22T12:00:00.123456789", "2024-10-22 12:00"]
    found = _milliseconds(pa.chunked_array([pa.array(texts)])).to_pylist()
    assert [number - SECONDS * 1000 for number in found] == [500, 123, 0]
    epoch = _milliseconds(pa.chunked_array([pa.array([SECONDS + 0.25])]))
    assert epoch.to_pylist() == [SECONDS * 1000 + 250]


BAD_TIMES = {
    "text": pa.array(["2024-10-22T12:00:00Z", "yesterday", "", None, "2024-13-01"]),
    "timestamp": pa.array([NOON, None, None, None, None], pa.timestamp("us", "UTC")),
    "before 1970": pa.array([SECONDS, -1, 0, None, -(2**62)]),
    "float": pa.array([SECONDS + 0.5, float("nan"), float("inf"), -float("inf"), 1e30]),
    "milliseconds": pa.array([SECONDS, SECONDS * 1000, 2**62, 2**63 - 1, None]),
    "dates as numbers": pa.array([SECONDS, 20_241_022, 20_991_231, 1, None]),
}


@pytest.mark.parametrize("times", BAD_TIMES.values(), ids=BAD_TIMES.keys())
def test_a_row_without_usable_time_is_refused_and_the_others_kept(times: pa.Array) -> None:
    table = pa.table({"ts": times, "url": [f"{PAGE}/{n}" for n in range(5)]})
    result = ds.reclassify(table)
    assert result.visits["url"].to_pylist() == [f"{PAGE}/0"]
    assert result.refused["url"].to_pylist() == [f"{PAGE}/{n}" for n in range(1, 5)]
    reasons = result.refused["reason"].to_pylist()
    assert {reason.partition(":")[0] for reason in reasons} <= {
        "ts is no time",
        "ts lies after the year 2100",
        "ts lies before the year 1990",
    }


def test_missing_times_in_pandas_are_refused_one_by_one() -> None:
    frame = pd.DataFrame({"ts": [pd.Timestamp(NOON), pd.NaT, None], "url": PAGE})
    result = ds.reclassify(frame)
    assert len(result.visits) == 1
    assert list(result.refused["reason"]) == [NO_TIME] * 2


def test_a_time_in_the_index_is_missed_and_said_so() -> None:
    frame = pd.DataFrame([hit()]).set_index("ts")
    with pytest.raises(InputError, match=r"no column 'ts'"):
        ds.reclassify(frame)
