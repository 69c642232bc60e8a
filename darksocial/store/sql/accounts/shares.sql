-- Shared reports in force. Parameters: now (seconds since 1970).
-- Columns: id, hash, site, report, query, account, until (seconds since 1970).
SELECT id, hash, site, report, query, account, until
FROM
(
    SELECT
        id, argMax(hash, version) AS hash, argMax(site, version) AS site,
        argMax(report, version) AS report, argMax(query, version) AS query,
        argMax(account, version) AS account, max(toUInt32(expires)) AS until,
        max(deleted) AS gone
    FROM report_links GROUP BY id
) AS newest
WHERE gone = 0 AND until > %(now)s
ORDER BY until DESC, id
