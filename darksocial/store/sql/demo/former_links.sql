-- Managed links of a site that were removed, the newest last. Parameters: site.
-- Columns: number, code, site, destination, kind, label.
SELECT number, code, site, destination, kind, label
FROM
(
    SELECT
        number, argMax(code, version) AS code, argMax(site, version) AS site,
        argMax(destination, version) AS destination, argMax(kind, version) AS kind,
        argMax(label, version) AS label, argMax(deleted, version) AS gone
    FROM links GROUP BY number
) AS newest
WHERE gone = 1 AND site = %(site)s
ORDER BY number
