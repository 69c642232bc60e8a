"""Lists of seeded shares, from a CSV or a frame: each row checked, what cannot be used named."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from darksocial import frame_kinds, lists
from darksocial.days import LAST_DAY, tomorrow
from darksocial.errors import InputError, Said
from darksocial.estimator.seeded import DEVICES, Seeded, stored_seeds
from darksocial.model import Site
from darksocial.store.protocol import Session

COLUMNS = ("date", "channel", "device", "shared", "seen")
NEEDED = ("date", "channel", "shared", "seen")
LONGEST_LIST = 100_000
LONGEST_CHANNEL = 100
MOST = 1_000_000

Key = tuple[date, str, str]


def from_csv(session: Session, text: str, site: Site) -> lists.Entered:
    """Enter the seeded shares of a CSV with the columns of `COLUMNS`.

    Lines that cannot be used are refused one by one. Of lines with the same date, channel and
    device the last counts, here and in the store, so a file may be read again and corrected.
    """
    refused: list[lists.Refused] = []
    rows = lists.rows(text, COLUMNS, NEEDED, LONGEST_LIST, refused)
    latest = tomorrow(site.timezone)  # where a link was passed on, the day may have begun
    read = lists.read(rows, lambda row: _seeded(row, latest), refused)
    days = [one.day for one in read]
    known = stored_seeds(session, site.name, min(days), max(days)) if read else []
    fresh, entered = lists.news(read, known, _key, refused)
    _write(session, site, fresh)
    return entered


def from_frame(frame: Any) -> tuple[list[Seeded], list[lists.Refused]]:
    """Return the seeded shares of a pandas, polars or Arrow frame with the columns of `COLUMNS`,
    and the rows that cannot be used: their place, from 0, and one sentence.

    Raises `InputError` where a column is missing.
    """
    table = frame_kinds.columns(frame, COLUMNS, "seeded shares")
    if missing := [name for name in NEEDED if name not in table.column_names]:
        raise InputError(
            Said(
                "The frame of seeded shares has no column %(name)r: it needs %(needed)s, and may "
                "have device.",
                name=missing[0],
                needed=", ".join(NEEDED),
            )
        )
    refused: list[lists.Refused] = []
    rows = ({name: _text(value) for name, value in row.items()} for row in table.to_pylist())
    read = lists.read(enumerate(rows), _seeded, refused)
    return list({_key(one): one for one in read}.values()), refused


def _seeded(row: Mapping[str, str], latest: date = LAST_DAY) -> Seeded:
    channel, device = row["channel"].strip(), row.get("device", "").strip().lower()
    if not 0 < len(channel) <= LONGEST_CHANNEL:
        raise InputError(
            Said(
                "The column channel has %(found)s letters: name where the link was passed on, "
                "like WhatsApp, in at most %(most)s.",
                found=len(channel),
                most=LONGEST_CHANNEL,
            )
        )
    if device not in DEVICES:
        raise InputError(
            Said(
                "The column device has %(found)r: give %(known)s, or nothing.",
                found=row["device"],
                known=", ".join(DEVICES[1:]),
            )
        )
    shared, seen = (lists.whole(name, row[name], MOST) for name in ("shared", "seen"))
    if shared < 1:
        raise InputError(
            Said("The column shared has 0: give how often a link was passed on, 1 or more.")
        )
    if seen > shared:
        raise InputError(
            Said(
                "The column seen has %(seen)s, more than the %(shared)s that were shared: it "
                "counts those of them that opened with their token.",
                seen=seen,
                shared=shared,
            )
        )
    text = row["date"]
    day = text[:10] if text[10:11] in (" ", "T") else text  # frames may have a time behind it
    return Seeded(lists.day("date", day, latest), channel, device, shared, seen)


def _text(value: Any) -> str:
    """Return a value of a frame as it would stand in a CSV."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _key(one: Seeded) -> Key:
    return (one.day, one.channel, one.device)


_TYPES = pa.schema(
    {
        **dict.fromkeys(("site", "channel", "device"), pa.string()),
        "day": pa.date32(),
        **dict.fromkeys(("shared", "seen"), pa.uint32()),
        "version": pa.uint64(),
    }
)


def _write(session: Session, site: Site, fresh: Sequence[Seeded]) -> None:
    if fresh:
        stamp = {"site": site.name, "version": time.time_ns()}
        rows = [{**asdict(one), **stamp} for one in fresh]
        session.insert("seeded_shares", pa.Table.from_pylist(rows, _TYPES))
