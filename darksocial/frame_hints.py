"""The optional columns of a frame that hold client hints: `sec_ch_ua`, `x_requested_with` …"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from darksocial.rules import headers

COLUMNS = tuple(name.replace("-", "_") for name in headers.NAMES)
_BETWEEN = "\x1f"


def condensed(agents: pa.ChunkedArray, sent: Mapping[str, pa.ChunkedArray]) -> pa.ChunkedArray:
    """Return the hints of each row as a record keeps them, asked once for each distinct value.

    `sent` has those of `COLUMNS` that the frame has; a missing value says nothing.
    """
    if not sent:
        return pa.chunked_array([pa.repeat(pa.scalar(""), len(agents))])
    names = [name.replace("_", "-") for name in sent]
    parts = [pc.fill_null(column, "") for column in (agents, *sent.values())]
    rows = pc.binary_join_element_wise(*parts, _BETWEEN).combine_chunks().dictionary_encode()
    texts = [_text(row.split(_BETWEEN), names) for row in rows.dictionary.to_pylist()]
    return pa.chunked_array([pa.array(texts, pa.string()).take(rows.indices)])


def _text(values: list[str], names: list[str]) -> str:
    return headers.condense(values[0], dict(zip(names, values[1:], strict=False)))
