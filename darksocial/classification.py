"""From hits to visits: what a stretch of time of one site was, in the store."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from darksocial.days import Span, day_of
from darksocial.model import CHANNELS, VISIT_GAP_SECONDS
from darksocial.rules import evidence, previews
from darksocial.store.protocol import Session
from darksocial.store.sql import Name, Sql, render, statement

MARGIN_SECONDS = 2 * 3600
# A step of a visitor is one number: its time, three marks, and a hash of the hit.
STEP_BITS, MARKS, MOST_HASH_BITS = 64, 3, 44
STEPS = (
    *("gathered", "single", "runs", "arrivals", "once", "sharers", "opened", "acts", "placed"),
    *("beside", "computed"),
)

# What the statements have to know of previews; see there.
_LOW_APPLICATIONS, _LOW_KINDS = previews.named_low()
PREVIEWS: dict[str, Any] = {
    "low_applications": tuple(_LOW_APPLICATIONS),
    "low_kinds": tuple(_LOW_KINDS),
    "public": previews.public(),
    "around": previews.AROUND_SECONDS,
    "clear": previews.AMBIGUOUS_SECONDS,
    "clear_code": previews.AMBIGUOUS_CODE_SECONDS,
    "code_seconds": previews.CODE_SECONDS,
}


def _rules() -> dict[str, Any]:
    """What the statements have to know of the rules of evidence: each text by its number."""
    kinds = ("unknown", "messenger", "email", "document", "app", "")
    words = sorted({*evidence.CHANNEL_OF, *kinds} - {"", "unknown"})
    evidences = [rule.evidence for rule in evidence.RULES]

    def numbers_of(channel_of: Mapping[str, str], some: Iterable[str], other: str) -> list[int]:
        return [CHANNELS.index(channel_of.get(word, other)) for word in some]

    def filled(some: Sequence[Any], nothing: Any) -> list[Any]:
        return [*some, *[nothing] * (len(numbers) - len(some))]

    numbers = list(range(max(map(len, (evidences, CHANNELS, kinds)))))
    rules_channels = numbers_of(evidence.RULE_CHANNEL_OF, evidences, CHANNELS[0])
    return {
        "rules": Sql(evidence.conditions()),
        "words": words,
        "their_channels": numbers_of(evidence.CHANNEL_OF, words, "dark_social"),
        "clicks_channels": numbers_of(evidence.CLICK_CHANNEL_OF, words, "dark_social"),
        "their_kinds": [kinds.index(word) if word in kinds else 0 for word in words],
        "public_dialogs": evidence.PUBLIC_DIALOGS,
        "numbers": numbers,
        "evidences": filled(evidences, ""),
        "rules_channels": filled(rules_channels, 0),
        "channels": filled(CHANNELS, ""),
        "kinds": filled(kinds, ""),
        **{f"bit_{name}": bit for name, bit in evidence.BITS.items()},
        **{f"rule_{name}": number for name, number in evidence.NUMBERS.items()},
        **{f"channel_{name}": number for number, name in enumerate(CHANNELS)},
        **{f"kind_{name or 'none'}": number for number, name in enumerate(kinds)},
    }


RULES = _rules()
FEW_SINCE = 20  # the engine's version from which it knows columns of few distinct texts


def _bits(span: Span) -> dict[str, int]:
    """Return how a step is divided: time takes what the span needs, which may be years."""
    seconds = int((span.end - span.begin).total_seconds()) + 2 * MARGIN_SECONDS
    low = min(STEP_BITS - MARKS - seconds.bit_length(), MOST_HASH_BITS)
    whole, spare = (1 << MOST_HASH_BITS) - 1, MOST_HASH_BITS - low
    return {"high": low + MARKS, "low": low, "mask": (1 << low) - 1, "whole": whole, "spare": spare}


@dataclass(frozen=True, slots=True)
class Cut:
    """A span and the midnights within it, at which visits are cut as if each day stood alone.

    Without midnights it is one day, or the whole of a frame.
    """

    span: Span
    midnights: Sequence[datetime] = ()

    def days(self) -> list[Span]:
        borders = [self.span.begin, *self.midnights, self.span.end]
        return [Span(*pair) for pair in itertools.pairwise(borders)]

    def nth(self, moment: str) -> Sql:
        """Return the expression for the day of a time (seconds): from 1; 0 is before all."""
        return Sql(
            f"toUInt8({' + '.join(f'({moment} >= {border})' for border in self._borders())})"
        )

    def parameters(self, zone: str) -> dict[str, Any]:
        """Return what statements have to know of the days."""
        borders = self._borders()
        lengths = [end - begin for begin, end in itertools.pairwise(borders)]
        shift = [f"(nth > {number}) * {length}" for number, length in enumerate(lengths[:-1], 1)]
        until = [f"(nth = {n}) * {borders[0] + length}" for n, length in enumerate(lengths, 1)]
        return {
            "days": len(lengths),
            "first": day_of(borders[0], zone),
            "shift": Sql(" + ".join(["0", *shift])),
            "until": Sql(" + ".join(until)),
            "nth": self.nth("moment"),
            "nth_from": self.nth(f"moment - {MARGIN_SECONDS}"),
            "nth_to": self.nth(f"moment + {MARGIN_SECONDS}"),
            **{f"nth_of_{name}": self.nth(name) for name in ("began", "at")},
            **{f"nth_of_{name}": self.nth(f"{name}_at") for name in ("first", "last")},
            "day": Sql(
                render(self._day(), {"nth": self.nth("began"), "zone": zone} | self._ends(zone))
            ),
        }

    def _day(self) -> str:
        """Other rules of a time zone in the engine move no visit out of the span."""
        if self.midnights:
            return "%(first)s + toUInt16(%(nth)s - 1)"
        return "least(greatest(toDate(ts, %(zone)s), %(first)s), %(last)s)"

    def _ends(self, zone: str) -> dict[str, date]:
        first, *_, last = self._borders()
        return {"first": day_of(first, zone), "last": day_of(last - 1, zone)}

    def _borders(self) -> list[int]:
        return [int(m.timestamp()) for m in (self.span.begin, *self.midnights, self.span.end)]


def classify(session: Session, site: str, cut: Cut, target: str, zone: str) -> None:
    """Fill `target` with the visits of a span, from `hits`, `shares`, `previews` and `links`."""
    params: dict[str, Any] = {
        "site": site,
        "begin": cut.span.begin,
        "end": cut.span.end,
        "margin": MARGIN_SECONDS,
        "gap": VISIT_GAP_SECONDS,
        **_bits(cut.span),
        **cut.parameters(zone),
        "target": Name(target),
        "gathered": Name("gathered"),
        "arrivals": Name("arrivals"),
    }
    params["step"] = Sql(render(statement("reclassify/step"), params))
    drop_steps(session, kept=target)
    session.execute(statement("reclassify/gathered"), **params)
    extent = session.query(statement("reclassify/extent"), site=site).to_pylist()[0]
    if extent["crossing"]:
        session.execute(statement("reclassify/parted"), **params)
    if extent["repeats"]:
        session.execute(statement("reclassify/single"), **params)
        params["gathered"] = Name("single")
    for step in ("runs", "arrivals"):
        session.execute(statement(f"reclassify/{step}"), **params)
    if extent["repeats"]:
        session.execute(statement("reclassify/once"))
        params["arrivals"] = Name("once")
    few = "toLowCardinality" if extent["engine"] >= FEW_SINCE else "materialize"
    params |= PREVIEWS | RULES | {"few": Sql(few)}
    # Few sites have previews or acts on every day: what is not there costs nothing.
    acts = ("acts", "placed", "acted") if extent["acts"] else ()
    for step in ("sharers", "beside", "came_again", *acts):
        session.execute(statement(f"reclassify/{step}"), **params)
    if extent["previews"]:
        for day in cut.days():
            _look_at_previews(session, params | {"begin": day.begin, "end": day.end})
    for part in ("weighed", "told"):
        params[part] = Sql(render(statement(f"reclassify/{part}"), params))
    session.execute(statement("reclassify/visits"), **params)


def _look_at_previews(session: Session, params: Mapping[str, Any]) -> None:
    """Say which previews name the arrivals of one day: how far is looked depends on its end."""
    session.execute("DROP TABLE IF EXISTS opened")
    for step in ("opened", "previewed"):
        session.execute(statement(f"reclassify/{step}"), **params)


def drop_steps(session: Session, kept: str = "") -> None:
    """Let go of the temporary tables of `classify`, but for one that is to be filled."""
    for table in STEPS:
        if table != kept:
            session.execute("DROP TABLE IF EXISTS %(table)s", table=Name(table))
