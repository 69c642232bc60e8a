-- Add, change or remove a recipient.
-- Parameters: token, site, email, period, language, alerts, deleted, version.
INSERT INTO recipients (token, site, email, period, language, alerts, deleted, version)
SELECT
    %(token)s, %(site)s, %(email)s, %(period)s, %(language)s, toUInt8(%(alerts)s),
    toUInt8(%(deleted)s), toUInt64(%(version)s)
