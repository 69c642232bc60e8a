-- Add or change an account.
-- Parameters: name, role, password (its hash), language, deleted, version.
INSERT INTO accounts (name, role, password, language, deleted, version)
SELECT
    %(name)s, %(role)s, %(password)s, %(language)s, toUInt8(%(deleted)s), toUInt64(%(version)s)
