-- Add or change a link. Parameters: number, code, site, destination, kind, label, deleted, version.
INSERT INTO links (number, code, site, destination, kind, label, deleted, version)
SELECT
    toUInt64(%(number)s), %(code)s, %(site)s, %(destination)s, %(kind)s, %(label)s,
    toUInt8(%(deleted)s), toUInt64(%(version)s)
