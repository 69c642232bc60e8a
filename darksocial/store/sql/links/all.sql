-- All links in force. Parameters: site ('' for all), gone (1 for those that were removed).
-- Columns: number, code, site, destination, kind, label, expires (seconds since 1970), disabled.
SELECT number, code, site, destination, kind, label, expires, disabled
FROM
(
    SELECT
        number, argMax(code, version) AS code, argMax(site, version) AS site,
        argMax(destination, version) AS destination, argMax(kind, version) AS kind,
        argMax(label, version) AS label, argMax(deleted, version) AS gone
    FROM links GROUP BY number
) AS newest
GLOBAL ANY LEFT JOIN
(
    SELECT number, argMax(expires, version) AS expires, argMax(disabled, version) AS disabled
    FROM link_changes GROUP BY number
) AS changed USING (number)
WHERE gone = %(gone)s AND (site = %(site)s OR %(site)s = '')
ORDER BY number
