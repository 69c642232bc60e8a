-- What a hit is in its visitor's order of time, as one number, so that it is gathered and sorted fast.
-- Grain: one hit; a part of `gathered` and `arrivals`. Parameters: begin (UTC), margin (seconds),
-- high and low (where the bits of the time and the three marks begin), whole (a mask) and spare: the
-- highest bits of the hash are taken, so that hits of one second follow each other in the same order
-- however long the span is.
-- From the highest bit: the seconds since the margin before the span; 1 unless it is an arrival;
-- 1 if it is a pixel; 1 if it is a page view; a hash of the id in all bits that are left, which
-- stand for it: hits of one visitor that have the same are one.
-- An arrival is a page view that did not come from the site itself and is no reload or back.
-- A pixel is the page view of somebody without JavaScript. It cannot know the referrer, so it
-- begins a visit only after a pause: else each page of such a visit would be an arrival.
bitShiftLeft(toUInt64(toUInt32(ts) - toUInt32(%(begin)s - %(margin)s)), %(high)s)
    + bitShiftLeft(toUInt64(4 * (NOT (kind = 'pageview' AND internal = 0
            AND navigation NOT IN ('reload', 'back_forward')))
        + 2 * (kind = 'pixel') + (kind IN ('pageview', 'pixel'))), %(low)s)
    + bitShiftRight(bitAnd(intHash64(id), %(whole)s), %(spare)s)
