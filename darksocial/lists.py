"""Lists that people bring as CSV: separated by commas, semicolons or tabs, with named columns."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from darksocial.days import FIRST_DAY, LAST_DAY
from darksocial.errors import InputError, Said

Refused = tuple[int, Said]  # the number of a line, and one sentence
MOST_TOLD = 200  # refused lines that are told one by one; of more, how many there are
T = TypeVar("T")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NAMED_MARK = re.compile(r'"?sep=([,;\t])"?[\s,;]*\Z', re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_OPEN = Said("A value goes on over the end of its line: close its quotation mark.")


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of the lines of a list: new ones, others under a key that was there, the same
    again; `refused` has the number of the line (the heading is line 1) and one sentence."""

    added: int
    changed: int
    known: int
    refused: tuple[Refused, ...]


def decoded(data: bytes) -> str:
    """Return a list's text; raise `InputError` where it is not UTF-8 or, by its mark, UTF-16."""
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            Said("The list is no text in UTF-8 (line %(line)s): save it as CSV UTF-8.", line=line)
        ) from None


def rows(
    text: str,
    columns: Sequence[str],
    needed: Sequence[str],
    longest: int,
    refused: list[Refused],
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each line's number (the heading is line 1) and its values without blanks around.

    Lines that cannot be taken apart are added to `refused`. Raises `InputError` where the heading
    lacks a needed column or has one that is none of `columns`, and after `longest` lines.
    """
    records = _records(text.lstrip("\ufeff"), refused)
    names = [name.strip().lower() for name in next(records, (1, [""]))[1]]
    _check_names(names, columns, needed)
    for count, (number, values) in enumerate(records):
        if count == longest:
            raise InputError(
                Said(
                    "The list has more than %(longest)s lines: cut it into several.",
                    longest=f"{longest:,}",
                )
            )
        if wrong := _trouble(values, len(names)):
            refused.append((number, wrong))
            continue
        known = itertools.zip_longest(names, values, fillvalue="")
        yield number, {name: value.strip() for name, value in known}


def _check_names(names: Sequence[str], columns: Sequence[str], needed: Sequence[str]) -> None:
    known = ", ".join(columns)
    for name in needed:
        if name not in names:
            raise InputError(
                Said(
                    "The list has no column `%(name)s`: its first line has to name columns "
                    "of %(known)s.",
                    name=name,
                    known=known,
                )
            )
    if unknown := [name for name in names if name not in columns]:
        raise InputError(
            Said(
                "The list has a column %(unknown)r: known are %(known)s.",
                unknown=unknown[0],
                known=known,
            )
        )
    if twice := [name for name in names if names.count(name) > 1]:
        raise InputError(
            Said(
                "The list has the column `%(name)s` more than once: leave out all but one.",
                name=twice[0],
            )
        )


def _records(text: str, refused: list[Refused]) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of each line that has values, and these; the first is the heading.

    A value may go on over the end of its line. Where its quotation mark is not closed, the line
    alone is refused, so that it does not take along those that follow.
    """
    lines = list(io.StringIO(text, newline=None))  # however they end
    mark, place = _begin(lines)
    while place < len(lines):
        start = place
        try:
            values, place = _record(lines, start, mark)
        except csv.Error as error:
            place = start + 1
            refused.append((start + 1, Said("The line cannot be read: %(error)s.", error=error)))
        except InputError as error:
            place = start + 1
            refused.append((start + 1, error.args[0]))
        else:
            if any(map(str.strip, values)):
                yield start + 1, values


def _begin(lines: Sequence[str]) -> tuple[str, int]:
    """Return what separates values, and the place of the first line that has some.

    Spreadsheets may have a line `sep=;` in front that names it.
    """
    first = next((n for n, line in enumerate(lines) if line.strip(' \t\n,;"')), len(lines))
    heading = "".join(lines[first : first + 1])
    named = _NAMED_MARK.match(heading)
    return (named[1], first + 1) if named else (_mark_of(heading), first)


def _mark_of(heading: str) -> str:
    """Return what separates values; beside commas or semicolons tabs only align the columns."""
    mark = max(",;", key=heading.count)
    return "\t" if mark not in heading and "\t" in heading.strip() else mark


def _record(lines: Sequence[str], start: int, mark: str) -> tuple[list[str], int]:
    """Return the values from a line on, and the place of the line behind them."""
    values = next(csv.reader([lines[start].rstrip("\n") + "\n"], delimiter=mark))
    if not values or not values[-1].endswith("\n"):
        return values, start + 1
    rest = (lines[place] for place in range(start, len(lines)))
    reader = csv.reader(rest, delimiter=mark, strict=True)
    try:
        return next(reader), start + reader.line_num
    except csv.Error:
        raise InputError(_OPEN) from None


def _trouble(values: Sequence[str], columns: int) -> Said | None:
    """Return why a line cannot be taken apart, `None` where it can."""
    if len(values) > columns:
        return Said(
            "The line has more values than the heading has columns: put a value that contains the "
            "separator into quotation marks."
        )
    if any("\n" in value.strip() for value in values):
        return _OPEN
    if any(_CONTROL.search(value.strip()) for value in values):
        return Said("A value has a character that cannot be shown in it: write it anew.")
    return None


def day(name: str, text: str, latest: date = LAST_DAY) -> date:
    """Return the day in a column, at most `latest`, or raise `InputError`."""
    try:
        if not _DAY.fullmatch(text):  # newer Pythons know further ways to write a day
            raise ValueError(text)
        found = date.fromisoformat(text)
    except ValueError:
        raise InputError(
            Said(
                "The column %(name)s has %(text)r: give a day as YYYY-MM-DD.", name=name, text=text
            )
        ) from None
    if not FIRST_DAY <= found <= LAST_DAY:
        raise InputError(
            Said(
                "The column %(name)s has %(text)r: give a day from %(first)s to %(last)s.",
                name=name,
                text=text,
                first=FIRST_DAY,
                last=LAST_DAY,
            )
        )
    if found > latest:
        raise InputError(
            Said(
                "The column %(name)s has %(text)r, a day that is yet to come: give one up to "
                "%(last)s.",
                name=name,
                text=text,
                last=latest,
            )
        )
    return found


def whole(name: str, text: str, most: int) -> int:
    """Return the number of at most `most` in a column, or raise `InputError`."""
    digits = text.lstrip("0")[:20] or "0"  # more of them are too many, whatever they are
    if not (text.isascii() and text.isdecimal()) or int(digits) > most:
        raise InputError(
            Said(
                "The column %(name)s has %(text)r: give a whole number up to %(most)s, without "
                "dots, commas or signs.",
                name=name,
                text=text,
                most=most,
            )
        )
    return int(digits)


def read(
    rows: Iterable[tuple[int, Mapping[str, str]]],
    made_of: Callable[[Mapping[str, str]], T],
    refused: list[Refused],
) -> list[T]:
    """Return what is made of each row; those that raise `InputError` are added to `refused`."""
    made = []
    for number, row in rows:
        try:
            made.append(made_of(row))
        except InputError as error:
            refused.append((number, error.args[0]))
    return made


def news(
    read: Iterable[T],
    known: Iterable[T],
    key: Callable[[T], Hashable],
    refused: Iterable[Refused],
) -> tuple[list[T], Entered]:
    """Return what is to be written so that of each key the last counts, and how that came about."""
    there = {key(one): one for one in known}
    fresh: dict[Hashable, T] = {}
    counts = {"added": 0, "changed": 0, "known": 0}
    for one in read:
        before = there.get(key(one))
        counts["known" if before == one else "changed" if before else "added"] += 1
        if before != one:
            there[key(one)] = fresh[key(one)] = one
    return list(fresh.values()), Entered(**counts, refused=tuple(refused))
