-- Hours in which an import has hits. Parameters: site, source.
-- Columns: hour (seconds since 1970), hits.
SELECT intDiv(toUInt32(ts), 3600) * 3600 AS hour, uniqExact(id) AS hits FROM hits
WHERE site = %(site)s AND source = %(source)s
GROUP BY hour
