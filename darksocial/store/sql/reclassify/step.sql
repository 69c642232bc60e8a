-- What a hit is in its visitor's order of time, as one number, so that it is gathered and sorted fast.
-- Grain: one hit; a part of `gathered` and `arrivals`. Parameters: begin (UTC), margin (seconds),
-- high and low (where the bits of the time and the three marks begin), whole (a mask) and spare: the
-- highest bits of the hash are taken, so that hits of one second follow each other in the same order
-- however long the span is.
-- From the highest bit: the seconds since the margin before the span; 1 unless it is an arrival;
-- 1 if it is blind; 1 if it is a page view; a hash of the id in all bits that are left, which
-- stand for it: hits of one visitor that have the same are one.
-- An arrival is a page view that did not come from the site itself and is no reload or back.
-- A blind one begins a visit only after a pause: else each page of such a visit would be an arrival.
-- That is a pixel, the page view of somebody without JavaScript, which cannot know the referrer; and
-- a page view that the browser says came from the site itself (Sec-Fetch-Site), whose policy sends no
-- referrer.
bitShiftLeft(toUInt64(toUInt32(ts) - toUInt32(%(begin)s - %(margin)s)), %(high)s)
    + bitShiftLeft(toUInt64(4 * (NOT (((kind = 'pageview' AND internal = 0
            AND navigation NOT IN ('reload', 'back_forward')) AS came)
            AND NOT ((fetch_site = 'same-origin' AND referrer_kind = '') AS within)))
        + 2 * (kind = 'pixel' OR (came AND within))
        + (kind IN ('pageview', 'pixel'))), %(low)s)
    + bitShiftRight(bitAnd(intHash64(id), %(whole)s), %(spare)s)
