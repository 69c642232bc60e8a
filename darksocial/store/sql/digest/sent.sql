-- The periods that recipients have been sent since a day. Parameters: since (day).
-- Columns: token, period_begin.
SELECT DISTINCT token, period_begin FROM letters WHERE period_begin >= %(since)s
