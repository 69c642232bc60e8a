"""Reports: questions with names, answered from the published visits."""

from darksocial.reports.model import REPORTS, Range, Report, known_options, run
from darksocial.reports.output import as_dict, render
from darksocial.reports.suppression import suppress, suppressed

__all__ = [
    "REPORTS",
    "Range",
    "Report",
    "as_dict",
    "known_options",
    "render",
    "run",
    "suppress",
    "suppressed",
]
