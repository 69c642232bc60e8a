-- Hours in which something of a token was recorded. Parameters: site, token.
-- Columns: hour (seconds since 1970).
SELECT DISTINCT toUInt32(intDiv(toUInt32(ts), 3600) * 3600) AS hour
FROM hits WHERE site = %(site)s AND (token = %(token)s OR parent = %(token)s)
