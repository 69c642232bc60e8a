-- From when to when there are arrivals, and what is known of tokens. No parameters.
-- Columns: start, stop (hours since 1970), tagged, untagged, tokens (different ones that came).
SELECT
    toUInt32(min(hour)) AS start, toUInt32(max(hour)) AS stop,
    countIf(role = 1) AS tagged, countIf(role = 2) AS untagged,
    toUInt64(uniqExactIf(token, carries = 1)) AS tokens
FROM est_arrivals
