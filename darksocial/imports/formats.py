"""Log formats: Apache's LogFormat and nginx's log_format, as fields with the texts between them."""

from __future__ import annotations

import re
from dataclasses import replace

from darksocial.errors import InputError
from darksocial.imports.layout import CELLS, Cell, Element, Format, Text, compiled

COMBINED = '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-agent}i"'
NAMED = {
    "combined": COMBINED,
    "common": '%h %l %u %t "%r" %>s %b',
    "vhost_combined": f"%v:%p {COMBINED}",
}

_APACHE = re.compile(r"%[!0-9,]*[<>]?(?:\{([^}]*)\})?([a-zA-Z])|%%")
_APACHE_CELLS = {
    "h": "address",
    "l": "ident",
    "u": "user",
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
    "sec-fetch-site": "fetch_site",
    "x-requested-with": "requested_with",
}
_NGINX = re.compile(r"\$(?:(\w+)|\{(\w+)\})")
_NGINX_CELLS = {
    "remote_addr": "address",
    "realip_remote_addr": "address",
    "remote_user": "user",
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
    "http_sec_fetch_site": "fetch_site",
    "http_x_requested_with": "requested_with",
}
_IN_QUOTES = re.compile(r'"(?:[^"\\]|\\.)*"')
# What a field looks like without quotes around it, where that is not a word.
_SHAPES = {"request": "any", "forwarded": "any", "user": "user", "": "any"}
_EPOCHS = ("sec", "msec", "usec", "begin:sec", "begin:msec", "end:sec", "end:msec")


def parse(text: str) -> Format:
    """Return the format of a name (`combined`, `common`, `vhost_combined`) or a format string.

    Format strings are those of Apache's LogFormat and of nginx's log_format. Raises `InputError`
    where the string is neither, or has no address, time or request.
    """
    text = NAMED.get(text.strip(), text).strip()
    elements, clock = _elements(text)
    form = compiled(text, _once(elements), clock)
    if form is None:
        raise InputError(f"The log format {text!r} has a quote that is not closed.")
    return form


def _elements(text: str) -> tuple[list[Element], str]:
    """Return the literal texts and fields of a format string, and the clock of its time."""
    if _IN_QUOTES.fullmatch(text):  # as it stands in the server's configuration
        text = text[1:-1]
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


def _between(text: str, cells: list[tuple[re.Match[str], str]], clock: str) -> list[Element]:
    """Return the fields with the texts between them, as they stand in a line."""
    found: list[Element] = []
    at = 0
    for match, name in cells:
        found.append(Text(text[at : match.start()]))
        if name == "%":
            found.append(Text("%"))
        elif name != "time":
            found.append(Cell(name, _SHAPES.get(name, "word")))
        elif clock != "clf":
            found.append(Cell(name))
        elif match[0].startswith("%"):
            found += [Text("["), Cell(name, "clock"), Text("]")]
        else:
            found.append(Cell(name, "clock"))
        at = match.end()
    return _joined([*found, Text(text[at:])])


def _joined(elements: list[Element]) -> list[Element]:
    """Return the elements without empty texts, and with neighbouring texts as one."""
    kept: list[Element] = []
    for element in elements:
        if isinstance(element, Text) and kept and isinstance(kept[-1], Text):
            kept[-1] = Text(kept[-1].text + element.text)
        elif element != Text(""):
            kept.append(element)
    return kept


def _once(elements: list[Element]) -> list[Element]:
    """Return the elements with each cell where it stands first, and what is needed with it."""
    names = [element.name for element in elements if isinstance(element, Cell)]
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
    kept: list[Element] = []
    seen: set[str] = set()
    for element in elements:
        if isinstance(element, Cell):
            name = names.pop(0)
            needed = name in wanted and name not in seen
            element = replace(element, name=name if needed else "")
            seen.add(name)
        kept.append(element)
    return _with_ports(kept)


def _with_ports(elements: list[Element]) -> list[Element]:
    """Return the elements with a port that follows its host as a part of that host."""
    kept: list[Element] = []
    for element in elements:
        if element == Cell("port"):
            joined = kept[-2:] == [Cell("host"), Text(":")]
            if joined:
                kept.pop()
                continue
            element = Cell("")
        kept.append(element)
    return kept
