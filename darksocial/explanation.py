"""Why a visit has its channel: every rule in its order, which held, which did not and why.

What held was stored with the visit when it was published, so an explanation says what decided
then, also when the raw hits have expired. GA4's channel stands beside it with its condition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from typing import Any

from darksocial.errors import InputError, Said
from darksocial.rules import evidence, previews
from darksocial.rules.evidence import FACTS, RULES, Fact, Rule
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

# The conditions of GA4's default channel group (support.google.com/analytics/answer/9756891).
GA4_CONDITIONS = {
    "Direct": "source is (direct), medium is (none) or (not set)",
    "Cross-network": "the campaign's name contains cross-network",
    "AI Assistant": "the medium is ai-assistant",
    "Paid Shopping": "a shopping site or campaign, and a paid medium",
    "Paid Search": "a search site and a paid medium",
    "Paid Social": "a social site and a paid medium",
    "Paid Video": "a video site and a paid medium",
    "Display": "the medium is display, banner, expandable, interstitial or cpm",
    "Paid Other": "a paid medium",
    "Organic Shopping": "a shopping site or campaign",
    "Organic Social": "a social site, or a medium for social networks",
    "Organic Video": "a video site, or video in the medium",
    "Organic Search": "a search site, or the medium organic",
    "Referral": "the medium is referral, app or link",
    "Email": "source or medium is email",
    "Affiliates": "the medium is affiliate",
    "Audio": "the medium is audio",
    "SMS": "source or medium is sms",
    "Mobile Push Notifications": "a medium of push notifications, or the source firebase",
    "Unassigned": "no other condition holds for source and medium",
    "": "no arrival, so analytics sees no new session",
}
ALWAYS = "it always holds"
# What a visit tells beside its facts, where it is known.
SHOWN = (
    "token",
    "token_state",
    "method",
    "parent",
    "link_kind",
    "link_label",
    "referrer_host",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "browser",
    "os",
    "device",
)


@dataclass(frozen=True, slots=True)
class Step:
    """A rule and what became of it: `outcome` is decided, held, or no; `why` says which facts."""

    evidence: str
    channel: str
    outcome: str
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A visit's channel with its reasons; `steps` are all rules in the order they are asked."""

    visit: str
    site: str
    time: str
    page: str
    channel: str
    application: str
    application_kind: str
    evidence: str
    probability: float | None
    reason: str
    because: str
    application_because: str
    reported_channel: str
    reported_because: str
    known: dict[str, str]
    steps: tuple[Step, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return what the JSON form holds."""
        return asdict(self)

    def __str__(self) -> str:
        what = f"{self.channel} ({self.application})" if self.application else self.channel
        lines = [
            f"Visit {self.visit} of {self.site}, {self.time}, {self.page}",
            f"{what}, evidence {self.evidence or 'none'}: {self.because}.",
            f"Reason: {self.reason}" if self.reason else "",
            f"Application: {self.application_because}" if self.application_because else "",
            f"GA4: {self.reported_channel or 'nothing'}, since {self.reported_because}.",
            "",
            *map(_line, self.steps),
        ]
        known = [f"{name}: {value}" for name, value in self.known.items()]
        return "\n".join([*(line for line in lines[:5] if line), *lines[5:], "", *known]) + "\n"


def explain(row: Mapping[str, Any]) -> Explanation:
    """Return the explanation of a row of `visits`."""
    facts = int(row["facts"])
    rule = evidence.decide(facts)
    if rule.evidence != row["evidence"]:
        raise InputError(
            Said(
                "The visit %(visit)s was published by an earlier version, which did not keep its "
                "facts: compute it again with `darksocial reclassify --site %(site)s --all`.",
                visit=row["id"],
                site=row["site"],
            )
        )
    return Explanation(
        visit=str(row["id"]),
        site=row["site"],
        time=datetime.fromtimestamp(int(row["ts"]), timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC"),
        page=f"{row['host']}{row['path']}",
        channel=row["channel"],
        application=row["application"],
        application_kind=row["application_kind"],
        evidence=row["evidence"],
        probability=row["probability"],
        reason=row["reason"],
        because=rule.why,
        application_because=_application(row, facts),
        reported_channel=row["reported_channel"],
        reported_because=GA4_CONDITIONS.get(row["reported_channel"], "of its own rules"),
        known={name: str(row[name]) for name in SHOWN if row[name]},
        steps=tuple(_steps(facts, rule)),
    )


def find(session: Session, visit: str, site: str = "") -> list[Explanation]:
    """Return the explanations of the visits with an id: one, hardly ever more.

    Raises `InputError` where there is none.
    """
    if not visit.isdecimal() or int(visit) >= 2**63:
        raise InputError(Said("%(visit)r is no id of a visit: it is a whole number.", visit=visit))
    rows = session.query(statement("reports/visit"), id=int(visit), site=site).to_pylist()
    if not rows:
        raise InputError(
            Said("There is no visit %(visit)s: ids stand in the table `visits`.", visit=visit)
        )
    return [explain(row) for row in rows]


def _steps(facts: int, decided: Rule) -> list[Step]:
    steps = []
    for rule in RULES:
        held = evidence.holds(rule, facts)
        outcome = "decided" if rule is decided else "held" if held else "no"
        steps.append(Step(rule.evidence or "no arrival", rule.channel, outcome, _why(rule, facts)))
    return steps


def _why(rule: Rule, facts: int) -> str:
    """Return what a rule wants and has where it holds, else what is missing or in its way."""
    wanted = [fact for fact in FACTS if fact.name in rule.needs]
    unwanted = [fact for fact in FACTS if fact.name in rule.excludes]
    if evidence.holds(rule, facts):
        said = [fact.yes for fact in wanted] + [fact.no for fact in unwanted]
        return "; ".join(said) or ALWAYS
    missing = [fact.no for fact in wanted if not _is(fact, facts)]
    return "; ".join(missing + [fact.yes for fact in unwanted if _is(fact, facts)])


def _is(fact: Fact, facts: int) -> bool:
    return bool(facts & evidence.BITS[fact.name])


def _application(row: Mapping[str, Any], facts: int) -> str:
    """Return what names the application, and how sure that is."""
    if not row["application"]:
        return ""
    if facts & evidence.BITS["named"]:
        return "named by " + next(fact.yes for fact in FACTS if fact.name == "named")
    sign = previews.sign(row["application"], row["application_kind"])
    return f"named by a preview of the link, certainty {sign.certainty}: {sign.why}"


def _line(step: Step) -> str:
    mark = {"decided": "=>", "held": "+ ", "no": "- "}[step.outcome]
    return f"{mark} {step.evidence:<12} {step.why}"
