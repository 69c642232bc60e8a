-- The alerts of a site, the newest first.
-- Parameters: site, since (UTC), noticed (UTC: noticed then or later).
-- Columns: kind, page, application, hour, found, expected.
SELECT DISTINCT kind, page, application, hour, found, expected
FROM alerts WHERE site = %(site)s AND hour >= %(since)s AND noticed >= %(noticed)s
ORDER BY hour DESC, found DESC, page, kind, application
