-- The alerts that recipients have been sent since a time. Parameters: tokens (array), since (UTC).
-- Columns: token, alert.
SELECT DISTINCT token, alert
FROM alert_letters WHERE has(%(tokens)s, token) AND sent >= %(since)s
