-- Add or remove an API key. Parameters: id, hash, label, role, site, created, deleted, version.
INSERT INTO api_keys (id, hash, label, role, site, created, deleted, version)
SELECT
    %(id)s, %(hash)s, %(label)s, %(role)s, %(site)s, %(created)s,
    toUInt8(%(deleted)s), toUInt64(%(version)s)
