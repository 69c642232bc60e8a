-- Note that all sums of a day are kept. Parameters: site, day, number (microseconds since 1970),
-- version and before (the publications of the day and of the day before, 0 for none).
INSERT INTO daily_kept (site, day, kept, version, before)
SELECT %(site)s, %(day)s, toUInt64(%(number)s), toUInt64(%(version)s), toUInt64(%(before)s)
