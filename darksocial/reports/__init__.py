"""Reports: questions with names, answered from the published visits."""

from darksocial.reports.model import REPORTS, Range, Report, run
from darksocial.reports.output import render

__all__ = ["REPORTS", "Range", "Report", "render", "run"]
