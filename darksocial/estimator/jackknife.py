"""The delete-one jackknife over groups of pages (Quenouille 1956, Tukey 1958).

Visits of one page are no independent observations, so whole pages are left out, in groups by a
hash of their address. Front pages and sections are few: they are grouped by page and day.
"""

from __future__ import annotations

import numpy as np

from darksocial.estimator.counts import Floats


def spread(replicates: Floats) -> float:
    """Return the standard error from the estimates with one group left out each."""
    n = len(replicates)
    return float(np.sqrt((n - 1) / n * np.square(replicates - replicates.mean()).sum()))
