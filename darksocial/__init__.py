"""darksocial: where "direct" visits really come from.

>>> import darksocial as ds
>>> ds.agent("TelegramBot (like TwitterBot)").kind
'preview'
>>> ds.referrer("https://web.whatsapp.com/").application
'WhatsApp'
"""

from __future__ import annotations

from darksocial.frames import Estimate, Result, reclassify
from darksocial.rules.agents import resolve as agent
from darksocial.rules.referrers import resolve as referrer
from darksocial.store import open_store
from darksocial.version import VERSION

__version__ = VERSION
__all__ = [
    "Estimate",
    "Result",
    "__version__",
    "agent",
    "open_store",
    "reclassify",
    "referrer",
]
