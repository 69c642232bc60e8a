-- Forget log-ins that have expired. Parameters: now (seconds since 1970).
ALTER TABLE logins DELETE WHERE toUInt32(expires) < %(now)s
