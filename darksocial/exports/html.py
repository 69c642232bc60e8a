"""A report as one HTML file: no script, nothing loaded from anywhere, fit for print."""

from __future__ import annotations

from html import escape
from typing import Any

from darksocial.exports import picture
from darksocial.exports.picture import Say
from darksocial.reports import Report

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1.5rem 0; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #8886;
  vertical-align: top; overflow-wrap: anywhere; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
meter { width: 14rem; height: 1rem; }
@media print { body { margin: 0; } thead { display: table-header-group; } }
"""


def report(told: Report, say: Say) -> str:
    """Return the page; every text in it is escaped."""
    told = picture.spoken(told, say)
    name = escape(picture.title(told, say))
    parts = [f"<h1>{name}</h1>", f"<p>{escape(picture.subtitle(told, say))}</p>"]
    if chart := picture.chart(told):
        parts.append(_chart(chart, say))
    if figures := picture.figures(told):
        parts.append(
            _grid(("", ""), [(say.heading(key), value) for key, value in figures.items()], say)
        )
    rows = [tuple(row[name] for name in told.columns) for row in told.rows]
    parts.append(_grid(tuple(map(say.heading, told.columns)), rows, say))
    return (
        f'<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )


def _chart(chart: picture.Chart, say: Say) -> str:
    rows = "\n".join(
        f"<tr><td>{escape(bar.label)}</td>"
        f'<td><meter min="0" max="{chart.longest or 1:g}" value="{bar.value:g}"></meter></td>'
        f'<td class="n">{say.shown(bar.value)}</td></tr>'
        for bar in chart.bars
    )
    return f"<table>\n<caption>{escape(say.heading(chart.measure))}</caption>\n{rows}\n</table>"


def _grid(head: tuple[str, ...], rows: list[tuple[Any, ...]], say: Say) -> str:
    top = "".join(f'<th scope="col">{escape(text)}</th>' for text in head)
    top = f"<thead><tr>{top}</tr></thead>\n" if any(head) else ""
    lines = "\n".join(f"<tr>{''.join(_cell(value, say) for value in row)}</tr>" for row in rows)
    return f"<table>\n{top}<tbody>\n{lines}\n</tbody>\n</table>"


def _cell(value: Any, say: Say) -> str:
    number = isinstance(value, int | float)
    return f"<td{' class=n' if number else ''}>{escape(say.shown(value))}</td>"
