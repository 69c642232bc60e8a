-- Add, change or remove a named segment. Parameters: site, name, filters, done_by, deleted, version
-- (nanoseconds since 1970).
INSERT INTO visit_segments (site, name, filters, done_by, deleted, version)
SELECT
    %(site)s, %(name)s, %(filters)s, %(done_by)s, toUInt8(%(deleted)s), toUInt64(%(version)s)
