"""Scores in the store: the weights of a fit, looked up for the features of each visit."""

from __future__ import annotations

from typing import Any

from darksocial.estimator import counts
from darksocial.estimator.features import FEATURES
from darksocial.estimator.scoring import ANCHOR_CAP, Weights
from darksocial.store.protocol import Session
from darksocial.store.sql import Name, statement


def score(session: Session, weights: Weights) -> None:
    """Make the temporary table `est_scored`: a probability and three reasons for each combination
    of features in `est_features`."""
    session.execute("DROP TABLE IF EXISTS est_scored")
    session.execute(statement("estimate/scored"), **parameters(weights))


def apply(session: Session, visits: str, target: str) -> None:
    """Insert the visits of one table into another, with their scores; only what that needs is
    left of the temporary tables."""
    for table in counts.TABLES:
        if table != "est_features":
            session.execute("DROP TABLE IF EXISTS %(table)s", table=Name(table))
    session.execute(statement("estimate/apply"), visits=Name(visits), target=Name(target))


def parameters(weights: Weights) -> dict[str, Any]:
    """Return the values that the statement looks up."""
    found: dict[str, Any] = {"constant": weights.constant, "cap": ANCHOR_CAP}
    for feature in FEATURES:
        found[f"{feature.name}_codes"] = list(range(len(feature.levels)))
        found[f"{feature.name}_weights"] = weights.levels[feature.name]
        found[f"{feature.name}_words"] = list(feature.levels)
        found[f"{feature.name}_mean"] = weights.usual[feature.name]
    return found
