"""The spool: where a hit is safe on disk before its request is answered.

Segments are written by the tracker's workers and read by the drain; the snapshot goes the
other way. Neither side needs the other to be alive.
"""
