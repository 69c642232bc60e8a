-- When tokens were seen: the days that a late share touches. Parameters: site, tokens.
-- Columns: hour (seconds since 1970).
SELECT DISTINCT toUInt32(hour) AS hour FROM token_days WHERE site = %(site)s AND token IN %(tokens)s
