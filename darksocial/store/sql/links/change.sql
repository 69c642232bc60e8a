-- A change of a link, for its history. Parameters: number, version (nanoseconds since 1970),
-- done_by, destination, kind, label, expires (seconds since 1970, 0 for never), disabled.
INSERT INTO link_changes (number, version, done_by, destination, kind, label, expires, disabled)
SELECT
    toUInt64(%(number)s), toUInt64(%(version)s), %(done_by)s, %(destination)s, %(kind)s, %(label)s,
    toUInt32(%(expires)s), toUInt8(%(disabled)s)
