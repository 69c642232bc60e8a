-- When tokens were seen: the days that a late share or preview touches.
-- Parameters: site, tokens, since (seconds since 1970). Columns: hour (seconds since 1970).
SELECT DISTINCT toUInt32(hour) AS hour
FROM token_days
WHERE site = %(site)s AND token IN %(tokens)s AND toUInt32(hour) >= %(since)s
