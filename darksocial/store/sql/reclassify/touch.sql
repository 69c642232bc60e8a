-- Mark days to be computed again. Parameters: site, days (array), at (microseconds since 1970).
INSERT INTO touched (site, day, at) SELECT %(site)s, arrayJoin(%(days)s), toUInt64(%(at)s)
