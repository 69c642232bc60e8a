"""Log formats: what a server's format string says of where each field stands in a line.

A line is read in one of two ways with equal results. The quick way splits it at its quotes and
blanks, where their number is as the format expects; the slow way is the regular expression,
which alone understands escaped quotes and blanks in user names. Both give the same list, `CELLS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from darksocial.errors import InputError
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
)
COMBINED = '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-agent}i"'
NAMED = {
    "combined": COMBINED,
    "common": '%h %l %u %t "%r" %>s %b',
    "vhost_combined": f"%v:%p {COMBINED}",
}
NOWHERE = 99

_APACHE = re.compile(r"%[!0-9,]*[<>]?(?:\{([^}]*)\})?([a-zA-Z])|%%")
_APACHE_CELLS = {
    "h": "address",
    "a": "address",
    "t": "time",
    "r": "request",
    "m": "method",
    "U": "target",
    "q": "query",
    "s": "status",
    "v": "host",
    "V": "host",
    "p": "port",
}
_HEADERS = {
    "referer": "referrer",
    "user-agent": "agent",
    "host": "host",
    "x-forwarded-for": "forwarded",
}
_NGINX = re.compile(r"\$(?:(\w+)|\{(\w+)\})")
_NGINX_CELLS = {
    "remote_addr": "address",
    "realip_remote_addr": "address",
    "time_local": "time",
    "time_iso8601": "time",
    "msec": "time",
    "request": "request",
    "request_method": "method",
    "request_uri": "target",
    "uri": "target",
    "document_uri": "target",
    "is_args": "question",
    "args": "query",
    "query_string": "query",
    "status": "status",
    "host": "host",
    "http_host": "host",
    "server_name": "host",
    "server_port": "port",
    "http_referer": "referrer",
    "http_user_agent": "agent",
    "http_x_forwarded_for": "forwarded",
}
_EPOCHS = ("sec", "msec", "usec", "begin:sec", "begin:msec", "end:sec", "end:msec")

_WORD = r'[^ "]*'
_QUOTED = r'(?:[^"\\]|\\.)*'
_ANYTHING = r'[^"]*?'


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
    line whose `pieces` (between quotes) are as expected, and `quick` then gives its cells.
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
class _Text:
    text: str


@dataclass(frozen=True, slots=True)
class _Cell:
    """A field of the format; `name` is empty where nobody needs it. `words` counts its words."""

    name: str
    words: int = 1


_Element = _Text | _Cell


def parse(text: str) -> Format:
    """Return the format of a name (`combined`, `common`, `vhost_combined`) or a format string.

    Format strings are those of Apache's LogFormat and of nginx's log_format. Raises `InputError`
    where the string is neither, or has no address, time or request.
    """
    text = NAMED.get(text.strip(), text).strip()
    elements, clock = _elements(text)
    pieces = _pieces(_once(elements))
    if len(pieces) % 2 == 0:
        raise InputError(f"The log format {text!r} has a quote that is not closed.")
    compiled = [_quoted(piece) if at % 2 else _bare(piece) for at, piece in enumerate(pieces)]
    captured = [name for part in compiled for name in part.cells]
    groups = tuple(captured.index(cell) + 1 if cell in captured else NOWHERE for cell in CELLS)
    ends_in_quote = len(pieces) > 1 and not pieces[-1]
    pattern = '"'.join(part.pattern for part in compiled)
    return Format(
        text,
        f"(?s)^{pattern}{'(?: .*)?' if ends_in_quote else ''}$",
        groups,
        Expression(_regular(compiled, ends_in_quote)),
        _quick(compiled),
        clock,
        not ends_in_quote,
    )


def _elements(text: str) -> tuple[list[_Element], str]:
    """Return the literal texts and fields of a format string, and the clock of its time."""
    text = text.replace('\\"', '"').replace("\\t", "\t")
    if text.startswith("'"):
        text = "".join(re.findall(r"'([^']*)'", text))
    if _NGINX.search(text):
        found = [(match, match[1] or match[2]) for match in _NGINX.finditer(text)]
        cells = [(match, _NGINX_CELLS.get(name, "")) for match, name in found]
        clock = next((name for _, name in found if _NGINX_CELLS.get(name) == "time"), "")
        return _between(text, cells, clock := "clf" if clock == "time_local" else "other"), clock
    if not _APACHE.search(text):
        raise InputError(
            f"{text!r} is no log format: give {', '.join(NAMED)}, or the text of Apache's "
            "LogFormat or nginx's log_format."
        )
    cells = [(match, _apache_cell(match)) for match in _APACHE.finditer(text)]
    epoch = next((match[1] for match, name in cells if name == "time"), None)
    clock = "other" if epoch else "clf"
    return _between(text, cells, clock), clock


def _apache_cell(match: re.Match[str]) -> str:
    argument, letter = match[1], match[2]
    if letter is None:
        return "%"
    if letter == "i":
        return _HEADERS.get((argument or "").lower(), "")
    if letter == "t" and argument and argument not in _EPOCHS:
        raise InputError(
            f"The log format's time {match[0]!r} cannot be read: known are %t and "
            f"{', '.join(f'%{{{name}}}t' for name in _EPOCHS)}."
        )
    return _APACHE_CELLS.get(letter, "")


def _between(
    text: str, cells: list[tuple[re.Match[str], str]], clock: str
) -> list[_Element]:
    """Return the fields with the texts between them, as they stand in a line."""
    found: list[_Element] = []
    at = 0
    for match, name in cells:
        found.append(_Text(text[at : match.start()]))
        if name == "%":
            found.append(_Text("%"))
        elif name != "time":
            found.append(_Cell(name))
        elif match[0].startswith("%") and clock == "clf":
            found += [_Text("["), _Cell(name, 2), _Text("]")]
        else:
            found.append(_Cell(name, 2 if clock == "clf" else 1))
        at = match.end()
    return _joined([*found, _Text(text[at:])])


def _joined(elements: list[_Element]) -> list[_Element]:
    """Return the elements without empty texts, and with neighbouring texts as one."""
    kept: list[_Element] = []
    for element in elements:
        if isinstance(element, _Text) and kept and isinstance(kept[-1], _Text):
            kept[-1] = _Text(kept[-1].text + element.text)
        elif element != _Text(""):
            kept.append(element)
    return kept


def _once(elements: list[_Element]) -> list[_Element]:
    """Return the elements with each cell where it stands first, and what is needed with it."""
    names = [element.name for element in elements if isinstance(element, _Cell)]
    wanted = set(CELLS) | {"port", "question"}
    if "address" not in names:
        names = ["address" if name == "forwarded" else name for name in names]
    if "request" in names:
        wanted -= {"method", "target", "query"}
    for need, sample in (("address", "%h"), ("time", "%t")):
        if need not in names:
            raise InputError(f"The log format needs the {need}: {sample} or nginx's name for it.")
    if not {"request", "target"} & set(names):
        raise InputError("The log format needs the request: %r, or $request.")
    kept: list[_Element] = []
    seen: set[str] = set()
    for element in elements:
        if isinstance(element, _Cell):
            name = names.pop(0)
            needed = name in wanted and name not in seen
            element = replace(element, name=name if needed else "")
            seen.add(name)
        kept.append(element)
    return _with_ports(kept)


def _with_ports(elements: list[_Element]) -> list[_Element]:
    """Return the elements with a port that follows its host as a part of that host."""
    kept: list[_Element] = []
    for element in elements:
        if element == _Cell("port"):
            joined = kept[-2:] == [_Cell("host"), _Text(":")]
            if joined:
                kept.pop()
                continue
            element = _Cell("")
        kept.append(element)
    return kept


def _pieces(elements: list[_Element]) -> list[list[_Element]]:
    """Return the elements cut at the quotes: every second piece stands between two of them."""
    pieces: list[list[_Element]] = [[]]
    for element in elements:
        if isinstance(element, _Cell):
            pieces[-1].append(element)
            continue
        first, *others = element.text.split('"')
        pieces[-1] += [_Text(first)] if first else []
        pieces += [[_Text(text)] if text else [] for text in others]
    return pieces


@dataclass(frozen=True, slots=True)
class _Compiled:
    """One piece: its pattern and cells, and for the quick way where these stand in it.

    `words` is the number of words, 0 where the piece is taken whole; `checks` holds for the
    words of a regular piece. `places` is None where there is no quick way. `@` stands for the
    piece in SQL.
    """

    pattern: str
    cells: tuple[str, ...]
    checks: tuple[str, ...]
    places: tuple[str, ...] | None


def _quoted(piece: list[_Element]) -> _Compiled:
    if len(piece) == 1 and isinstance(piece[0], _Cell):
        name = piece[0].name
        if not name:
            return _Compiled(_QUOTED, (), (), ())
        return _Compiled(f"({_QUOTED})", (name,), (), ("@",))
    inside = r'(?:[^"\\ ]|\\.)*'
    pattern, cells = _pattern(piece, inside, inside)
    return _Compiled(pattern, cells, (), None)


def _bare(piece: list[_Element]) -> _Compiled:
    pattern, cells = _pattern(piece, _WORD, _ANYTHING)
    if all(isinstance(element, _Text) for element in piece):
        return _Compiled(pattern, (), (f"@ = {literal(_text(piece))}",), ())
    checks: list[str] = []
    places: list[str] = []
    at = 1
    for word in _words(piece):
        read = _word(word, at)
        if read is None:
            return _Compiled(pattern, cells, (), None)
        at += read.words
        checks += read.checks
        places += read.places
    checks.append(f"length(splitByChar(' ', @)) = {at - 1}")
    return _Compiled(pattern, cells, tuple(checks), tuple(places))


@dataclass(frozen=True, slots=True)
class _Word:
    words: int = 1
    checks: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def _word(word: list[_Element], at: int) -> _Word | None:
    """Return how to check and read one word of the format; `None` where only a pattern can."""
    first = f"splitByChar(' ', @)[{at}]"
    fields = [element for element in word if isinstance(element, _Cell)]
    if not fields:
        return _Word(checks=(f"{first} = {literal(_text(word))}",))
    if len(fields) > 1 or fields[0].name == "question":
        return None
    field = fields[0]
    before, after = _text(word[: word.index(field)]), _text(word[word.index(field) + 1 :])
    last = f"splitByChar(' ', @)[{at + field.words - 1}]"
    checks = (f"startsWith({first}, {literal(before)})",) if before else ()
    checks += (f"endsWith({last}, {literal(after)})",) if after else ()
    if field.words == 2:
        place = f"concat({_cut(first, len(before), 0)}, ' ', {_cut(last, 0, len(after))})"
    else:
        place = _cut(first, len(before), len(after))
        if before and after:
            checks += (f"length({first}) >= {len(before) + len(after)}",)
    return _Word(field.words, checks, (place,) if field.name else ())


def _cut(place: str, before: int, after: int) -> str:
    """Return the SQL for a text without its first and last characters."""
    if after:
        return f"substring({place}, {before + 1}, length({place}) - {before + after})"
    return f"substring({place}, {before + 1})" if before else place


def _pattern(piece: list[_Element], needed: str, ignored: str) -> tuple[str, tuple[str, ...]]:
    """Return the regular expression of a piece, and its cells in the order of the groups."""
    pattern = ""
    cells: list[str] = []
    for element in piece:
        if isinstance(element, _Text):
            pattern += re.escape(element.text)
        elif element.name == "question":
            pattern += r"\??"
        elif element.name:
            pattern += f"({' '.join([needed] * element.words)})"
            cells.append(element.name)
        else:
            pattern += ignored
    return pattern, tuple(cells)


def _words(piece: list[_Element]) -> list[list[_Element]]:
    """Return the piece cut at its blanks."""
    words: list[list[_Element]] = [[]]
    for element in piece:
        if isinstance(element, _Cell):
            words[-1].append(element)
            continue
        first, *others = element.text.split(" ")
        words[-1] += [_Text(first)] if first else []
        words += [[_Text(text)] if text else [] for text in others]
    return words


def _text(elements: list[_Element]) -> str:
    return "".join(element.text for element in elements if isinstance(element, _Text))


def _regular(compiled: list[_Compiled], ends_in_quote: bool) -> str:
    """Return what is true for lines that can be read the quick way, as SQL over `pieces`."""
    if any(part.places is None for part in compiled):
        return "0"
    count = len(compiled)
    checks = [f"length(pieces) {'>=' if ends_in_quote else '='} {count}"]
    for at, part in enumerate(compiled, 1):
        if not (ends_in_quote and at == count):
            checks += [check.replace("@", f"pieces[{at}]") for check in part.checks]
    if ends_in_quote:
        checks.append(f"(pieces[{count}] = '' OR startsWith(pieces[{count}], ' '))")
    return " AND ".join(checks)


def _quick(compiled: list[_Compiled]) -> dict[str, Expression]:
    """Return where the cells of a regular line stand, in SQL over `pieces`."""
    where = dict.fromkeys(CELLS, Expression("''"))
    for at, part in enumerate(compiled, 1):
        for cell, place in zip(part.cells, part.places or (), strict=False):
            where[cell] = Expression(place.replace("@", f"pieces[{at}]"))
    return where
