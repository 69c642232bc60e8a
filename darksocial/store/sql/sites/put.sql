-- Add or change a site. Parameters: name, key, hosts, timezone, deleted, version.
INSERT INTO sites (name, key, hosts, timezone, deleted, version)
SELECT %(name)s, %(key)s, %(hosts)s, %(timezone)s, toUInt8(%(deleted)s), toUInt64(%(version)s)
