"""Where the fields of a format stand in a line.

A line is read in one of two ways with equal results. The quick way splits it at its quotes and
blanks, where their number is as the format expects; the slow way is the regular expression,
which alone understands escaped quotes and blanks in user names. Both give the same `CELLS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from darksocial.store.sql import Name, literal

CELLS = (
    "address",
    "host",
    "time",
    "request",
    "method",
    "target",
    "query",
    "status",
    "referrer",
    "agent",
    "fetch_site",
    "requested_with",
)
NOWHERE = 99

_WORD = r'[^ "]*'
_QUOTED = r'(?:[^"\\]|\\.)*'
_BARE = {
    "word": _WORD,
    "clock": f"{_WORD} {_WORD}",
    "any": r'[^"]*?',
    "user": r'(?:[^ "]*|[^ "-][^"]*?)',
}


class Expression(Name):
    """A piece of SQL that says where the cells of a line stand; it holds no value of a line."""

    __slots__ = ()

    def __new__(cls, text: str) -> Expression:
        return str.__new__(cls, text)


@dataclass(frozen=True, slots=True)
class Format:
    """A format, compiled.

    `pattern` captures the cells of a line in RE2's language; the group of each cell of `CELLS`
    is in `groups` (`NOWHERE` where the format does not log it). `regular` is true in SQL for a
    line whose `pieces` (between quotes) and their words are as expected; `quick` has these words
    and where in them each cell stands.
    `open_ended` says that a line cut short may look whole.
    """

    text: str
    pattern: str
    groups: tuple[int, ...]
    regular: Expression
    quick: dict[str, Expression]
    clock: str
    open_ended: bool

    def logs(self, cell: str) -> bool:
        return self.groups[CELLS.index(cell)] != NOWHERE


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of the format; `name` is empty where nobody needs it.

    `shape` says what it looks like without quotes around it: a word, a clock (two words), any
    words, or a user's name, which may have blanks but does not begin with `- `: a line with one
    field too many in front would look like that.
    """

    name: str
    shape: str = "word"

    @property
    def words(self) -> int:
        """How many words a regular line has here."""
        return 2 if self.shape == "clock" else 1


Element = Text | Cell
_CLOCK: list[Element] = [Text("["), Cell("time", "clock"), Text("]")]
_CLOCK_SIZE = 26  # 17/May/2015:10:05:03 +0000


def compiled(text: str, elements: list[Element], clock: str) -> Format | None:
    """Return the format with these elements, or `None` where a quote is not closed."""
    pieces = _pieces(elements)
    if len(pieces) % 2 == 0:
        return None
    parts = [_quoted(piece) if at % 2 else _bare(piece) for at, piece in enumerate(pieces)]
    captured = [name for part in parts for name in part.cells]
    groups = tuple(captured.index(cell) + 1 if cell in captured else NOWHERE for cell in CELLS)
    ends_in_quote = len(pieces) > 1 and not pieces[-1]
    pattern = '"'.join(part.pattern for part in parts)
    return Format(
        text,
        f"(?s)^{pattern}{'(?: .*)?' if ends_in_quote else ''}$",
        groups,
        Expression(_regular(parts, ends_in_quote)),
        _quick(parts) | {"words": Expression(_split(parts))},
        clock,
        not ends_in_quote,
    )


def _pieces(elements: list[Element]) -> list[list[Element]]:
    """Return the elements cut at the quotes: every second piece stands between two of them."""
    pieces: list[list[Element]] = [[]]
    for element in elements:
        if isinstance(element, Cell):
            pieces[-1].append(element)
            continue
        first, *others = element.text.split('"')
        pieces[-1] += [Text(first)] if first else []
        pieces += [[Text(text)] if text else [] for text in others]
    return pieces


@dataclass(frozen=True, slots=True)
class _Compiled:
    """One piece: its pattern and cells, and for the quick way where these stand in it.

    `checks` hold for a regular piece, `places` are where its cells stand, `None` where there is
    no quick way. In both `@` stands for the piece and `words_#` for its words.
    """

    pattern: str
    cells: tuple[str, ...]
    checks: tuple[str, ...]
    places: tuple[str, ...] | None


def _quoted(piece: list[Element]) -> _Compiled:
    if len(piece) == 1 and isinstance(piece[0], Cell):
        name = piece[0].name
        if not name:
            return _Compiled(_QUOTED, (), (), ())
        return _Compiled(f"({_QUOTED})", (name,), (), ("@",))
    inside = r'(?:[^"\\ ]|\\.)*'
    pattern, cells = _pattern(piece, inside)
    return _Compiled(pattern, cells, (), None)


def _bare(piece: list[Element]) -> _Compiled:
    pattern, cells = _pattern(piece)
    if all(isinstance(element, Text) for element in piece):
        return _Compiled(pattern, (), (f"@ = {literal(_text(piece))}",), ())
    checks: list[str] = []
    places: list[str] = []
    at = 1
    words = _words(piece)
    for number, word in enumerate(words, 1):
        read = _edge(word, number, words) or _word(word, at)
        if read is None:
            return _Compiled(pattern, cells, (), None)
        at += read.words
        checks += read.checks
        places += read.places
    checks.append(f"length(words_#) = {at - 1}")
    return _Compiled(pattern, cells, tuple(checks), tuple(places))


@dataclass(frozen=True, slots=True)
class _Word:
    words: int = 1
    checks: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def _edge(word: list[Element], number: int, words: list[list[Element]]) -> _Word | None:
    """Return how to read what stands at the edge of a piece, where that is cheaper.

    A clock in brackets at the end is read by its place: it always has 26 characters.
    """
    count = len(words)
    if not word and number in (1, count) and count > 1:
        side = "startsWith" if number == 1 else "endsWith"
        return _Word(checks=(f"{side}(@, ' ')",))
    if word == _CLOCK and 1 < number == count - 1 and not words[-1]:
        start = f"length(@) - {_CLOCK_SIZE + 1}"
        checks = (f"substring(@, {start} - 2, 2) = ' ['", "endsWith(@, '] ')")
        return _Word(2, checks, (f"substring(@, {start}, {_CLOCK_SIZE})",))
    return None


def _word(word: list[Element], at: int) -> _Word | None:
    """Return how to check and read one word of the format; `None` where only a pattern can."""
    first = f"words_#[{at}]"
    fields = [element for element in word if isinstance(element, Cell)]
    if not fields:
        return _Word(checks=(f"{first} = {literal(_text(word))}",))
    if len(fields) > 1 or fields[0].name == "question":
        return None
    field = fields[0]
    before, after = _text(word[: word.index(field)]), _text(word[word.index(field) + 1 :])
    last = f"words_#[{at + field.words - 1}]"
    checks: list[str] = [f"startsWith({first}, {literal(before)})"] if before else []
    checks += [f"endsWith({last}, {literal(after)})"] if after else []
    if field.words == 2:
        place = f"concat({_cut(first, len(before), 0)}, ' ', {_cut(last, 0, len(after))})"
    else:
        place = _cut(first, len(before), len(after))
        if before and after:
            checks.append(f"length({first}) >= {len(before) + len(after)}")
    return _Word(field.words, tuple(checks), (place,) if field.name else ())


def _cut(place: str, before: int, after: int) -> str:
    """Return the SQL for a text without its first and last characters."""
    if after:
        return f"substring({place}, {before + 1}, length({place}) - {before + after})"
    return f"substring({place}, {before + 1})" if before else place


def _pattern(piece: list[Element], inside: str = "") -> tuple[str, tuple[str, ...]]:
    """Return the regular expression of a piece, and its cells in the order of the groups.

    `inside` is what every field looks like between quotes.
    """
    pattern = ""
    cells: list[str] = []
    for element in piece:
        if isinstance(element, Text):
            pattern += re.escape(element.text)
        elif element.name == "question":
            pattern += r"\??"
        elif element.name:
            pattern += f"({inside or _BARE[element.shape]})"
            cells.append(element.name)
        else:
            pattern += inside or _BARE[element.shape]
    return pattern, tuple(cells)


def _words(piece: list[Element]) -> list[list[Element]]:
    """Return the piece cut at its blanks."""
    words: list[list[Element]] = [[]]
    for element in piece:
        if isinstance(element, Cell):
            words[-1].append(element)
            continue
        first, *others = element.text.split(" ")
        words[-1] += [Text(first)] if first else []
        words += [[Text(text)] if text else [] for text in others]
    return words


def _text(elements: list[Element]) -> str:
    return "".join(element.text for element in elements if isinstance(element, Text))


def _regular(compiled: list[_Compiled], ends_in_quote: bool) -> str:
    """Return what is true for lines that can be read the quick way, as SQL over `pieces`."""
    if any(part.places is None for part in compiled):
        return "0"
    count = len(compiled)
    checks = [f"length(pieces) {'>=' if ends_in_quote else '='} {count}"]
    for at, part in enumerate(compiled, 1):
        if not (ends_in_quote and at == count):
            checks += [_in_piece(check, at) for check in part.checks]
    if ends_in_quote:
        last = f"pieces[{count}]"
        checks.append(f"(({last} = '' AND length(pieces) = {count}) OR startsWith({last}, ' '))")
    return " AND ".join(checks)


def _quick(compiled: list[_Compiled]) -> dict[str, Expression]:
    """Return where the cells of a regular line stand, in SQL over `pieces`."""
    where = dict.fromkeys(CELLS, Expression("''"))
    for at, part in enumerate(compiled, 1):
        for cell, place in zip(part.cells, part.places or (), strict=False):
            where[cell] = Expression(_in_piece(place, at))
    return where


def _in_piece(text: str, number: int) -> str:
    return text.replace("@", f"pieces[{number}]").replace("words_#", f"words_{number}")


def _split(compiled: list[_Compiled]) -> str:
    """Return the words of the pieces that are split at blanks, as columns in SQL."""
    numbers = [
        at
        for at, part in enumerate(compiled, 1)
        if any("words_#" in text for text in (*part.checks, *(part.places or ())))
    ]
    columns = [f"splitByChar(' ', pieces[{at}]) AS words_{at}" for at in numbers]
    return ", ".join(columns) or "0 AS words_0"
