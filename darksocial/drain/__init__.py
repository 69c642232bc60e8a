"""From sealed segments to rows in the store: one batch, the batches that wait, and the loop."""

from darksocial.drain.batch import Drained
from darksocial.drain.loop import Drain
from darksocial.drain.waiting import Held, drain_once

__all__ = ["Drain", "Drained", "Held", "drain_once"]
