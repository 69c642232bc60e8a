"""What can be seen of a visit, as small numbers, computed from a frame of visits alone.

Written apart from the estimator's own features on purpose: a comparison that shares its code
with what it judges shares its mistakes as well.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from darksocial import frame_kinds
from darksocial.errors import InputError
from darksocial.rules import agents

Ints = NDArray[np.int64]
_NEEDED = ("ts", "url", "evidence")
_OPTIONAL = ("token", "user_agent", "navigation", "fetch_site", "returning", "url_seen")
_TAGGED = ("token", "preview")  # a preview is evidence where it fetched the visit's token
_PATH = re.compile(r"^[A-Za-z][\w+.-]*://[^/?#]*([^?#]*)")
_LENGTHS = (20, 35, 50, 70)
_GAPS = (900, 3600, 4 * 3600, 24 * 3600, 7 * 86400)  # since the last other token of a page
_AGES = (6, 24, 72, 240)  # hours since a page was first seen
_BURSTS = (0.5, 1.5, 3.0, 8.0)  # arrivals around a visit, by what the page usually has
_AROUND = 1800  # seconds before and after
_RARE = 0.05  # an hour of a page counts as having at least so many arrivals


class Visits:
    """The visits without referrer of a frame: tagged ones and those left to the model.

    `tagged` marks visits with a token; `features[name]` has a level for each visit, 0 to
    `levels[name]` - 1; `deep` marks deep pages. `position` is the place in the whole frame.
    """

    def __init__(self, frame: Any) -> None:
        table = frame_kinds.columns(frame, (*_NEEDED, *_OPTIONAL))
        if missing := [name for name in _NEEDED if name not in table.column_names]:
            raise InputError(
                f"The frame has no column {missing[0]!r}: give the visits of ds.reclassify(hits)."
            )
        evidence = table["evidence"].cast(pa.string())
        self.position = np.flatnonzero(pc.is_in(evidence, pa.array([*_TAGGED, "model"])))
        table = table.take(pa.array(self.position))
        self.tagged = np.asarray(
            pc.is_in(evidence.take(pa.array(self.position)), pa.array(_TAGGED))
        )
        self.features: dict[str, Ints] = {}
        self.levels: dict[str, int] = {}
        self._page_features(table)
        self._person_features(table)
        self._time_features(table)
        pair = self.features["page_class"] * self.levels["visitor"] + self.features["visitor"]
        self._put("page_by_visitor", pair, 3 * self.levels["visitor"])

    def codes(self) -> Ints:
        """Return one column a feature, one row a visit."""
        return np.stack(list(self.features.values()), axis=1)

    def _put(self, name: str, values: NDArray[Any], levels: int) -> None:
        self.features[name] = values.astype(np.int64)
        self.levels[name] = levels

    def _page_features(self, table: pa.Table) -> None:
        url = pc.dictionary_encode(table["url"].cast(pa.string())).combine_chunks()
        paths = [path_of(text) for text in url.dictionary.to_pylist()]
        names, place = np.unique(paths, return_inverse=True)
        self.page = place[np.asarray(url.indices)]
        kinds = np.array([page_class(name) for name in names])
        self.deep = kinds[self.page] == 2
        self._put("page_class", kinds[self.page], 3)
        lengths = np.array([len(name) for name in names])
        self._put("length", np.digitize(lengths, _LENGTHS)[self.page], len(_LENGTHS) + 1)

    def _person_features(self, table: pa.Table) -> None:
        agent = _encoded(table, "user_agent")
        found = [agents.resolve(text) if text else None for text in agent.dictionary.to_pylist()]
        mobile = np.array([2 if one is None else int(one.device != "desktop") for one in found])
        family = np.array([_family(one) for one in found])
        indices = np.asarray(agent.indices)
        self._put("device", mobile[indices], 3)
        sent, levels = _levels(table, "fetch_site", ("none", "cross-site"))
        self._put("fetch_site", sent * 4 + family[indices], levels * 4)
        self._put("navigation", *_levels(table, "navigation", ("navigate", "prerender")))
        returning, three = _levels(table, "returning", ("true", "false"))
        seen, _ = _levels(table, "url_seen", ("true", "false"))
        self._put("visitor", returning * 3 + seen, three * 3)

    def _time_features(self, table: pa.Table) -> None:
        seconds = _seconds(table["ts"])
        token = np.asarray(_encoded(table, "token").indices)
        order = np.lexsort((seconds, self.page))
        gap, age, burst = _moments(
            self.page[order], seconds[order], self.tagged[order], token[order]
        )
        back = np.argsort(order)
        self._put("recency", np.digitize(gap, _GAPS)[back], len(_GAPS) + 1)
        self._put("age", np.digitize(age / 3600, _AGES)[back], len(_AGES) + 1)
        self._put("burst", np.digitize(burst, _BURSTS)[back], len(_BURSTS) + 1)
        self._put("hour", seconds // 3600 % 24 // 3, 8)


def path_of(url: str) -> str:
    """Return the path of an address."""
    match = _PATH.match(url)
    return (match[1] if match else url.partition("?")[0]) or "/"


def page_class(path: str) -> int:
    """Return 0 for a home page, 1 for a section, 2 for a deep page.

    A section is one short word: `/city/`; `/how-to-bake-bread/` and `/news/4711` are deep.
    """
    parts = [part for part in path.split("/") if part]
    if not parts or parts in (["index.html"], ["index.php"]):
        return 0
    short = len(parts) == 1 and parts[0].count("-") < 2 and len(parts[0]) <= 20
    return 1 if short and "." not in parts[0] else 2


def _seconds(column: pa.ChunkedArray) -> Ints:
    """Return times as whole seconds since 1970."""
    if not pa.types.is_timestamp(column.type):
        raise InputError(
            f"The column 'ts' of the visits holds {column.type}: turn it into times first, "
            "with pandas.to_datetime for instance."
        )
    return np.asarray(column.cast(pa.timestamp("ms", column.type.tz)).cast(pa.int64())) // 1000


def _family(agent: agents.Agent | None) -> int:
    name = (agent.browser or "") if agent else ""
    return next((n for n, word in enumerate(("Firefox", "Safari", "Chrom")) if word in name), 3)


def _encoded(table: pa.Table, name: str) -> pa.DictionaryArray:
    if name not in table.column_names:
        return pa.repeat(pa.scalar(""), len(table)).dictionary_encode()
    text = pc.fill_null(table[name].cast(pa.string()), "")
    return pc.dictionary_encode(text).combine_chunks()


def _levels(table: pa.Table, name: str, words: tuple[str, ...]) -> tuple[Ints, int]:
    """Return the place of each value among the words, and the number of levels: unknown last."""
    encoded = _encoded(table, name)
    level = {word: place for place, word in enumerate(words)}
    codes = np.array([level.get(text, len(words)) for text in encoded.dictionary.to_pylist()])
    return codes[np.asarray(encoded.indices)], len(words) + 1


def _moments(
    page: Ints, seconds: Ints, tagged: NDArray[np.bool_], token: Ints
) -> tuple[NDArray[Any], ...]:
    """Return for visits in the order of page and time: seconds since the last other token of
    the page, seconds since the page was first seen, arrivals around by the usual number."""
    first = np.flatnonzero(np.append(True, page[1:] != page[:-1]))
    sizes = np.diff(np.append(first, len(page)))
    age = seconds - np.repeat(seconds[first], sizes)
    last = _last_other(page, tagged, token)
    gap = np.where(last >= 0, seconds - seconds[last], 10**9)
    lasting = np.repeat(seconds[first + sizes - 1] - seconds[first], sizes) + 86400
    usual = np.repeat(sizes, sizes) / lasting * 2 * _AROUND
    key = page * 10**11 + seconds
    around = np.searchsorted(key, key + _AROUND, "right") - np.searchsorted(key, key - _AROUND)
    return gap, age, (around - 1) / np.maximum(usual, _RARE)


def _last_other(page: Ints, tagged: NDArray[np.bool_], token: Ints) -> Ints:
    """Return the place of the last earlier visit of the page with a token of another share.

    -1 where there is none. A visit's own token must not count, else tagged visits differ from
    untagged ones by how they are computed.
    """
    found = np.full(len(page), -1)
    tags = np.flatnonzero(tagged)
    if not len(tags):
        return found
    change = np.append(True, (token[tags][1:] != token[tags][:-1]))
    change |= np.append(True, page[tags][1:] != page[tags][:-1])
    begin = np.maximum.accumulate(np.where(change, np.arange(len(tags)), 0))
    before = np.searchsorted(tags, np.arange(len(page))) - 1
    before[tags] = begin - 1
    candidate = tags[np.maximum(before, 0)]
    return np.where((before >= 0) & (page[candidate] == page), candidate, found)
