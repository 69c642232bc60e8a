-- All links in force. Parameters: site ('' for all). Columns: number, code, site, destination, kind, label.
SELECT number, code, site, destination, kind, label
FROM
(
    SELECT
        number, argMax(code, version) AS code, argMax(site, version) AS site,
        argMax(destination, version) AS destination, argMax(kind, version) AS kind,
        argMax(label, version) AS label, argMax(deleted, version) AS gone
    FROM links GROUP BY number
) AS newest
WHERE gone = 0 AND (site = %(site)s OR %(site)s = '')
ORDER BY number
