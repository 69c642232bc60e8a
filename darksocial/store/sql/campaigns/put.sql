-- Add, change or remove a campaign. Parameters: site, name, begins, ends (days), tags, codes
-- (arrays), goal, target, done_by, deleted, version (nanoseconds since 1970).
INSERT INTO campaigns
    (site, name, begins, ends, tags, codes, goal, target, done_by, deleted, version)
SELECT
    %(site)s, %(name)s, %(begins)s, %(ends)s,
    arrayFilter(word -> word != '', arrayConcat([''], %(tags)s)),
    arrayFilter(word -> word != '', arrayConcat([''], %(codes)s)),
    %(goal)s, toUInt64(%(target)s), %(done_by)s, toUInt8(%(deleted)s), toUInt64(%(version)s)
