-- Mark days to be computed again. Parameters: site, days (array), at (microseconds since 1970).
-- A mark is newer than all before it, also where the clock was set back.
INSERT INTO touched (site, day, at)
SELECT
    %(site)s,
    arrayJoin(%(days)s),
    greatest(toUInt64(%(at)s),
        (SELECT toUInt64(max(at) + 1) FROM touched WHERE site = %(site)s))
