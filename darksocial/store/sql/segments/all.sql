-- Named segments in force. Parameters: site. Columns: name, filters (as in an address), done_by.
SELECT name, filters, done_by
FROM
(
    SELECT
        name, argMax(held, version) AS filters, argMax(who, version) AS done_by,
        argMax(deleted, version) AS gone
    FROM
    (
        SELECT name, filters AS held, done_by AS who, deleted, version
        FROM visit_segments WHERE site = %(site)s
    ) AS every
    GROUP BY name
) AS newest
WHERE gone = 0
ORDER BY name
