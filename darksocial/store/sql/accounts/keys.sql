-- All API keys in force, the newest first.
-- Columns: id, hash, label, role, site, made (seconds since 1970).
SELECT id, hash, label, role, site, made
FROM
(
    SELECT
        id, argMax(hash, version) AS hash, argMax(label, version) AS label,
        argMax(role, version) AS role, argMax(site, version) AS site,
        max(toUInt32(created)) AS made, max(deleted) AS gone
    FROM api_keys GROUP BY id
) AS newest
WHERE gone = 0
ORDER BY made DESC, id
