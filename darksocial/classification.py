"""From hits to visits: what a stretch of time of one site was, in the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    "beside",
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
    return {"high": low + MARKS, "low": low, "mask": (1 << low) - 1}


def classify(session: Session, site: str, span: Span, target: str, zone: str) -> None:
    """Fill `target` with the visits of a span, from `hits`, `shares`, `previews` and `links`."""
    params: dict[str, Any] = {
        "site": site,
        "begin": span.begin,
        "end": span.end,
        "margin": MARGIN_SECONDS,
        "gap": VISIT_GAP_SECONDS,
        **_bits(span),
        "target": Name(target),
        "gathered": Name("gathered"),
        "arrivals": Name("arrivals"),
        "timezone": zone,
        "first": day_of(int(span.begin.timestamp()), zone),
        "last": day_of(int(span.end.timestamp()) - 1, zone),
    }
    params["step"] = Sql(render(statement("reclassify/step"), params))
    drop_steps(session)
    session.execute(statement("reclassify/gathered"), **params)
    extent = session.query(statement("reclassify/extent"), site=site).to_pylist()[0]
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
    wanted = ["sharers", "beside", "came_again"]
    wanted += ["opened", "previewed"] * bool(extent["previews"])
    wanted += ["acts", "placed", "acted"] * bool(extent["acts"])
    for step in wanted:
        session.execute(statement(f"reclassify/{step}"), **params)
    for part in ("weighed", "told"):
        params[part] = Sql(render(statement(f"reclassify/{part}"), params))
    session.execute(statement("reclassify/visits"), **params)


def drop_steps(session: Session) -> None:
    """Let go of the temporary tables of `classify`."""
    for table in STEPS:
        session.execute("DROP TABLE IF EXISTS %(table)s", table=Name(table))
