-- The alerts of a site, the newest first. Parameters: site, since (UTC).
-- Columns: kind, page, application, hour, found, expected.
SELECT DISTINCT kind, page, application, hour, found, expected
FROM alerts WHERE site = %(site)s AND hour >= %(since)s
ORDER BY hour DESC, found DESC, page, kind, application
