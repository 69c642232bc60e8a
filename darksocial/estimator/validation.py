"""Does the estimate find again what was hidden from it?

Nobody knows the truth of a real site, so this measures sensitivity and never accuracy. A third of
the tokens is hidden, whole sharers at a time, and the fit is made again: the estimate of untagged
shares should rise by the visits that were hidden. Tokens are chosen at random, and by what a
sharer did (method), read (path) or when (day), since tokens of real sites do not go missing at
random either.

Negative controls: where the parameters of campaigns are stripped, these visits become untagged
without being shares, and the estimate should not rise. Diagnostics say what an assumption is worth
here: whether tokens are missing completely at random (`scar`), and, where the site has a holdout,
whether untagged visits rise by what tagged ones lose (`holdout`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from darksocial.estimator import counts, holdout, scar
from darksocial.estimator.counts import Sample
from darksocial.estimator.fit import Fit, fit
from darksocial.estimator.holdout import Conservation
from darksocial.estimator.scar import AtRandom
from darksocial.store.protocol import Session

HIDE_BY = {"at random": "token", "by method": "method", "by page": "path", "by day": "day"}
MOST_RISE = 0.25
FEWEST_HIDDEN = 30
FEWEST_STRIPPED = 30
UNLIKELY = 0.05


@dataclass(frozen=True, slots=True)
class Recovery:
    """`hidden` visits lost their token, and the estimate rose by `found` visits; `low` and `high`
    are that by the ends of the new interval. `total` is how many shares there were before, tagged
    and estimated."""

    name: str
    hidden: int
    found: float
    low: float
    high: float
    total: float

    @property
    def share(self) -> float:
        """Which part of what was hidden was found again: 1 where nothing was lost."""
        return self.found / self.hidden

    @property
    def moved(self) -> float:
        """By which part the total moved, although nothing but tokens went: 0 at best."""
        return (self.found - self.hidden) / max(self.total, 1.0)


@dataclass(frozen=True, slots=True)
class Control:
    """Visits that are no shares were added to the untagged ones: the estimate should not follow."""

    name: str
    added: int
    risen: float

    @property
    def passed(self) -> bool:
        return self.risen <= MOST_RISE * self.added


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A look at an assumption: its `name`, a sentence, and its figures."""

    name: str
    text: str
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Validation:
    """What was found again (`recoveries`), what the estimate should not have followed
    (`controls`), and what its assumptions are worth (`diagnostics`); never its accuracy.

    `estimated` is the share of the untagged rest; where it is `None` nothing was identified, and
    nothing can be found again.
    """

    estimated: float | None
    recoveries: list[Recovery]
    controls: list[Control]
    diagnostics: list[Diagnostic] = field(default_factory=list)

    @property
    def recovered(self) -> tuple[float, float] | None:
        """The least and the largest part of the hidden visits that was found again."""
        return _range([recovery.share for recovery in self.recoveries])

    @property
    def sensitivity(self) -> tuple[float, float] | None:
        """By which part the estimated number of all shares moved at least and at most."""
        return _range([recovery.moved for recovery in self.recoveries])

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON holds it."""
        return {
            "estimated": self.estimated,
            "recovered": self.recovered,
            "sensitivity": self.sensitivity,
            "recoveries": [
                asdict(one) | {"share": one.share, "moved": one.moved} for one in self.recoveries
            ],
            "controls": [asdict(one) | {"passed": one.passed} for one in self.controls],
            "diagnostics": [asdict(one) for one in self.diagnostics],
        }


def validate(session: Session, sample: Sample, deployed: bool | None = None) -> Validation:
    """Return what is found again, what the negative controls say, and the diagnostics; nothing is
    found again where the estimate of the sample itself is not identified."""
    found = counts.gather(session, sample)
    base = fit(found, deployed)
    diagnostics = _diagnostics(session, sample, base)
    if base.estimate.share is None:
        counts.drop(session)
        return Validation(None, [], [], diagnostics)
    recoveries = []
    for name, by in HIDE_BY.items():
        again = fit(counts.gather(session, replace(sample, hide_by=by)), deployed)
        hidden = found.extent.tagged - again.counts.extent.tagged
        if hidden >= FEWEST_HIDDEN and again.estimate.share is not None:
            recoveries.append(_recovery(name, hidden, base, again))
    stripped = fit(counts.gather(session, replace(sample, stripped=True)), deployed)
    counts.drop(session)
    return Validation(base.estimate.share, recoveries, _controls(base, stripped), diagnostics)


def _diagnostics(session: Session, sample: Sample, base: Fit) -> list[Diagnostic]:
    """Return what can be said of the assumptions; needs the temporary tables of the fit."""
    lumps, seed = base.counts.extent.lumps, sample.seed
    found = []
    if known := scar.missing_at_random(scar.seen(session), lumps, seed):
        found.append(_at_random("tokens missing at random, channels that show", known))
    if base.weights:
        sure = scar.estimated(base.counts, base.weights)
        if likely := scar.missing_at_random(sure, lumps, seed):
            found.append(_at_random("tokens missing at random, visits taken for shares", likely))
    if kept := holdout.conservation(session, sample):
        found.append(_conserved(kept))
    return found


def _at_random(name: str, found: AtRandom) -> Diagnostic:
    said = "do not go missing completely at random" if found.p < UNLIKELY else "may go missing so"
    text = (
        f"Diagnostic, {name}: p = {found.p:.3f} over {found.positives:,} visits, tokens {said} "
        f"(largest difference by {found.feature.replace('_', ' ')}, {found.statistic:.2f})."
    )
    return Diagnostic(name, text, asdict(found))


def _conserved(found: Conservation) -> Diagnostic:
    said = "is conserved" if found.conserved else "is not conserved: tokens change what they count"
    text = (
        f"Diagnostic, holdout: per held one of {found.counted:,} {found.acts} tagged visits change "
        f"by {found.tagged.visits:+.2f} and untagged ones by {found.untagged.visits:+.2f}, both by "
        f"{found.sum.visits:+.2f} ({found.sum.low:+.2f} to {found.sum.high:+.2f}): the sum {said}."
    )
    return Diagnostic("holdout", text, asdict(found) | {"conserved": found.conserved})


def _range(values: list[float]) -> tuple[float, float] | None:
    return (min(values), max(values)) if values else None


def _visits(found: Fit, share: float | None) -> float:
    return (share or 0.0) * found.estimate.visits


def _recovery(name: str, hidden: int, base: Fit, again: Fit) -> Recovery:
    before = _visits(base, base.estimate.share)
    estimate = again.estimate
    found, low, high = (
        _visits(again, share) - before for share in (estimate.share, estimate.low, estimate.high)
    )
    return Recovery(name, hidden, found, low, high, before + base.counts.extent.tagged)


def _controls(base: Fit, stripped: Fit) -> list[Control]:
    added = stripped.estimate.visits - base.estimate.visits
    if added < FEWEST_STRIPPED or stripped.estimate.share is None:
        return []
    risen = _visits(stripped, stripped.estimate.share) - _visits(base, base.estimate.share)
    return [Control("campaigns without their parameters", added, risen)]
