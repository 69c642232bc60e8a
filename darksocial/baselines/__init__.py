"""What others do with visits that have no referrer, by name, for comparison.

Each method takes the visits of `ds.reclassify(hits)` and speaks of those with evidence `model`.

>>> sorted(BASELINES)
['bbe', 'deep_link', 'elkan_noto', 'ga4']
"""

from darksocial.baselines.methods import (
    BASELINES,
    Answer,
    bbe,
    deep_link,
    elkan_noto,
    ga4,
    supervised,
)

__all__ = ["BASELINES", "Answer", "bbe", "deep_link", "elkan_noto", "ga4", "supervised"]
