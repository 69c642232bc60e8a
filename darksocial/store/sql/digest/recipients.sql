-- Recipients in force. Parameters: site ('' for all).
-- Columns: token, site, email, period, language, alerts, added (nanoseconds since 1970).
SELECT token, site, email, period, language, alerts, added
FROM
(
    SELECT
        token, argMax(site, version) AS site, argMax(email, version) AS email,
        argMax(period, version) AS period, argMax(language, version) AS language,
        argMax(alerts, version) AS alerts, argMax(deleted, version) AS gone,
        min(version) AS added
    FROM recipients GROUP BY token
) AS newest
WHERE gone = 0 AND (site = %(site)s OR %(site)s = '')
ORDER BY site, email, period
