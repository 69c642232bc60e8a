"""Every decision can be asked why: the rules in their order, in the store and in a frame."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from literal import FIREFOX, drain, hit, published, token

import darksocial as ds
from darksocial import explanation, model
from darksocial.errors import InputError
from darksocial.model import Site
from darksocial.rules import evidence
from darksocial.rules.channels import GA4, UNASSIGNED
from darksocial.store import Store
from darksocial.store.sql import statement

WHATSAPP = "WhatsApp/2.23.20.0 A"


def test_the_rules_use_the_words_of_the_contract_and_the_last_always_holds() -> None:
    words = [rule.evidence for rule in evidence.RULES]
    assert words[0] == ""
    assert set(words[1:]) == set(model.EVIDENCE) - {"survey"}
    assert evidence.decide(evidence.BITS["arrived"]).evidence == "model"
    assert evidence.decide(0).evidence == ""


def test_every_fact_stands_in_the_statement_and_is_asked_or_told() -> None:
    stated = set(re.findall(r"%\(bit_(\w+)\)s", statement("reclassify/weighed")))
    assert stated == set(evidence.BITS)
    asked = {name for rule in evidence.RULES for name in (*rule.needs, *rule.excludes)}
    assert set(evidence.BITS) - asked == {"repeated"}


@pytest.mark.parametrize("place", range(1, len(evidence.RULES)))
def test_no_rule_is_without_effect(place: int) -> None:
    """With the facts that it needs and nothing else of those above it, each rule decides."""
    rule = evidence.RULES[place]
    facts = evidence.BITS["arrived"] | evidence.mask(rule.needs)
    assert evidence.decide(facts) is rule


def test_every_channel_of_ga4_has_its_condition() -> None:
    channels = {name for name, _ in GA4} | {UNASSIGNED}
    assert channels <= set(explanation.GA4_CONDITIONS)


# A row, and: the evidence that decides, a rule that did not hold, and what is said of it.
SAID = [
    (hit("10:00"), "model", "token", "no valid share token"),
    (hit("10:00", path="/?ds={token}"), "token", "preview", "no preview of the token names"),
    (hit("10:00", path="/?ds={token}"), "token", "own_share", "not made by this visitor"),
    (
        hit("10:00", path="/?ds={token}", referrer="https://t.co/x"),
        "referrer", "token", "the referrer is a public place",
    ),
    (hit("10:00", referrer="https://web.de/"), "referrer", "campaign", "no utm_ parameters"),
    (hit("10:00", path="/?fbclid=IwAR0abc"), "click_id", "in_app", "an ordinary browser"),
]  # fmt: skip


@pytest.mark.engines
@pytest.mark.parametrize(("row", "decided", "other", "said"), SAID)
def test_what_decided_and_why_the_others_did_not(
    store: Store,
    site: Site,
    tmp_path: Path,
    row: dict[str, Any],
    decided: str,
    other: str,
    said: str,
) -> None:
    drain(store, tmp_path, site, [row | {"path": row["path"].format(token=token(site))}])
    ((number,),) = published(store, site, "id")
    with store.session() as session:
        (found,) = explanation.find(session, str(number), site.name)
    assert [step.evidence for step in found.steps if step.outcome == "decided"] == [decided]
    steps = {step.evidence: step for step in found.steps}
    assert steps[other].outcome == "no"
    assert said in steps[other].why
    assert found.evidence == decided
    assert found.reported_because == explanation.GA4_CONDITIONS[found.reported_channel]


def test_a_preview_says_how_sure_it_is(store: Store, site: Site, tmp_path: Path) -> None:
    page = "/?ds=" + token(site)
    rows = [hit("09:00", path=page, user_agent=WHATSAPP), hit("10:00", path=page)]
    drain(store, tmp_path, site, rows)
    ((number,),) = published(store, site, "id")
    with store.session() as session:
        (found,) = explanation.find(session, str(number), site.name)
    assert (found.channel, found.application, found.evidence) == (
        "dark_social", "WhatsApp", "preview",
    )  # fmt: skip
    assert "certainty medium: fetched while the link stands in the composer" in (
        found.application_because
    )
    assert {step.evidence for step in found.steps if step.outcome == "held"} == {"token", "model"}


@pytest.mark.parametrize("visit", ["x", "-1", str(2**70), "12345"])
def test_an_unknown_visit_is_refused_with_a_sentence(store: Store, visit: str) -> None:
    with store.session() as session, pytest.raises(InputError, match=r"visit.*: "):
        explanation.find(session, visit)


def test_a_visit_of_an_earlier_version_says_what_to_do() -> None:
    row = {"facts": 0, "evidence": "token", "id": 7, "site": "a.example"}
    with pytest.raises(InputError, match=r"darksocial reclassify --site a\.example --all"):
        explanation.explain(row)


FRAME = {
    "ts": ["2026-11-02T09:00:00Z", "2026-11-02T10:00:00Z", "2026-11-02T11:00:00Z"],
    "url": ["https://a.example/?ds=T1", "https://a.example/?ds=T1", "https://a.example/"],
    "user_agent": [WHATSAPP, FIREFOX, FIREFOX],
    "visitor": ["p", "v1", "v2"],
}


def test_a_frame_s_visits_are_explained_by_row_position_or_id() -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    result = ds.reclassify(pandas.DataFrame(FRAME))
    first = result.explain(0)
    assert (first.evidence, first.application) == ("preview", "WhatsApp")
    assert result.explain(result.visits.iloc[0]) == first
    assert result.explain(result.visits["visit_id"].iloc[0]) == first
    assert result.explain(1).evidence == "model"
    assert result.explain(np.int64(1)) == result.explain(1)
    assert result.explain(result.visits.head(1)) == first
    for odd in (7, "7", None, {}, result.visits):
        with pytest.raises(InputError):
            result.explain(odd)
