"""darksocial: where "direct" visits really come from.

>>> import darksocial as ds
>>> ds.agent("TelegramBot (like TwitterBot)").kind
'preview'
>>> ds.referrer("https://web.whatsapp.com/").application
'WhatsApp'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from darksocial.version import VERSION as __version__  # noqa: N811 (the usual name)

if TYPE_CHECKING:
    from darksocial.frames import Estimate, Result, reclassify
    from darksocial.rules.agents import resolve as agent
    from darksocial.rules.columns import resolve_agents as agents
    from darksocial.rules.columns import resolve_referrers as referrers
    from darksocial.rules.referrers import resolve as referrer
    from darksocial.simulator import Simulation, simulate
    from darksocial.store import open_store

# Loaded when they are used: a command should not wait for what only notebooks need.
_PUBLIC = {
    "Estimate": ("darksocial.frames", "Estimate"),
    "Result": ("darksocial.frames", "Result"),
    "Simulation": ("darksocial.simulator", "Simulation"),
    "agent": ("darksocial.rules.agents", "resolve"),
    "agents": ("darksocial.rules.columns", "resolve_agents"),
    "open_store": ("darksocial.store", "open_store"),
    "reclassify": ("darksocial.frames", "reclassify"),
    "referrer": ("darksocial.rules.referrers", "resolve"),
    "referrers": ("darksocial.rules.columns", "resolve_referrers"),
    "simulate": ("darksocial.simulator", "simulate"),
}

__all__ = [
    "Estimate",
    "Result",
    "Simulation",
    "__version__",
    "agent",
    "agents",
    "open_store",
    "reclassify",
    "referrer",
    "referrers",
    "simulate",
]


def __getattr__(name: str) -> Any:
    try:
        module, attribute = _PUBLIC[name]
    except KeyError:
        raise AttributeError(f"module 'darksocial' has no attribute {name!r}") from None
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return __all__
