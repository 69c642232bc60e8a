"""Looks at an installation of the snippet from outside, as the owner's page really is.

Nothing here trusts what it fetches: every answer is limited in size and time, and private
addresses are left alone unless they are allowed.
"""

from darksocial.checking.finding import LEVELS, Finding, worst
from darksocial.checking.installation import Known
from darksocial.checking.run import check

__all__ = ["LEVELS", "Finding", "Known", "check", "worst"]
