"""Lines of a segment: a torn one is recognised, every text comes back as it was."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darksocial.spool.record import LOW_BITS, decode, encode, line, make_id, members, new_id

HIT = {"id": 2**63 - 1, "ts": 1, "kind": "pageview", "url": "https://example.com/ä?b=\"'\\"}


@pytest.mark.parametrize(
    "record",
    [
        {},
        HIT,
        {"name": "line\nbreak\r\0\t\u2028\x7f"},
        {"value": 1.5, "visitor": 2**64 - 1},
        {"name": "x" * 100_000},
    ],
)
def test_a_record_comes_back(record: dict[str, object]) -> None:
    written = encode(record)
    assert written.count(b"\n") == 1
    assert decode(written) == record
    assert decode(written.rstrip(b"\n")) == record


@settings(deadline=None)
@given(st.text())
def test_every_text_comes_back_but_for_lone_surrogates(text: str) -> None:
    written = encode({"name": text})
    assert decode(written) == {"name": text.encode("utf-8", "replace").decode()}


def test_half_an_emoji_becomes_a_question_mark() -> None:
    assert decode(encode({"name": "a\ud83d"})) == {"name": "a?"}


@pytest.mark.parametrize("cut", range(0, len(encode(HIT)) - 1, 3))
def test_a_torn_line_is_no_record(cut: int) -> None:
    assert decode(encode(HIT)[:cut]) is None


@pytest.mark.parametrize("place", range(0, len(encode(HIT)) - 1, 3))
def test_a_changed_byte_is_no_record(place: int) -> None:
    written = bytearray(encode(HIT))
    written[place] ^= 0x10
    if place != 8:  # the blank between sum and object says nothing
        assert decode(bytes(written)) is None


@pytest.mark.parametrize(
    "garbage", [b"", b"\n", b"\x00" * 100, b"zzzzzzzz {}\n", b"\xff\xfe", line('"a":1')[:9]]
)
def test_garbage_is_no_record(garbage: bytes) -> None:
    assert decode(garbage) is None


def test_a_line_may_be_put_together_from_members() -> None:
    whole = {"id": 5, "kind": "click", "url": "https://example.com/", "code": "ä"}
    parts = ('"id":5', members({"kind": "click", "url": "https://example.com/"}), '"code":"ä"')
    assert line(*parts) == encode(whole)


def test_json_that_is_no_object_is_no_record() -> None:
    from zlib import crc32

    body = json.dumps([1]).encode()
    assert decode(b"%08x %b\n" % (crc32(body), body)) is None


@pytest.mark.parametrize(
    ("milliseconds", "low", "expected"),
    [
        (0, 0, 0),
        (1000, 1, (1 << 30) + 1),
        (1999, 0, (1 << 30) + (1022 << 20)),
        (1000, (1 << LOW_BITS) + 7, (1 << 30) + 7),
        (8_589_934_591_999, (1 << LOW_BITS) - 1, 2**63 - 1 - (1 << LOW_BITS)),
    ],
)
def test_ids(milliseconds: int, low: int, expected: int) -> None:
    assert make_id(milliseconds, low) == expected


def test_ids_sort_by_time_and_have_63_bits() -> None:
    times = [1_795_000_000_000 + step for step in range(0, 5000, 7)]
    ids = [new_id(time) for time in times]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert all(0 < identity < 2**63 for identity in ids)
