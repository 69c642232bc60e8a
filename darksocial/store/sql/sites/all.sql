-- All sites in force. Columns: name, key, hosts, timezone.
SELECT name, key, hosts, timezone
FROM
(
    SELECT
        name, argMax(key, version) AS key, argMax(hosts, version) AS hosts,
        argMax(timezone, version) AS timezone, argMax(deleted, version) AS gone
    FROM sites GROUP BY name
) AS newest
WHERE gone = 0
ORDER BY name
