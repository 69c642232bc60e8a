-- Managed links, each with what came of it; a HEAD request is no click.
-- Parameters: site, acts and tokens (statements of daily).
-- Columns: code, kind, label, destination, clicks, previews, visits.
SELECT code, kind, label, destination, clicks, previews, visits
FROM
(
    SELECT code, kind, label, destination, clicks, previews
    FROM
    (
        SELECT code, argMax(kind, version) AS kind, argMax(label, version) AS label,
            argMax(destination, version) AS destination, argMax(deleted, version) AS gone
        FROM links WHERE site = %(site)s GROUP BY code
    ) AS known
    GLOBAL ANY LEFT JOIN
    (
        SELECT code, toUInt64(sumIf(n, kind = 'click' AND name != 'HEAD')) AS clicks,
            toUInt64(sumIf(n, kind = 'preview')) AS previews
        FROM (%(acts)s) AS acts
        WHERE code != ''
        GROUP BY code
    ) AS clicked USING (code)
    WHERE gone = 0
) AS told
GLOBAL ANY LEFT JOIN
(
    SELECT token AS code, toUInt64(sum(linked)) AS visits
    FROM (%(tokens)s) AS tokens
    WHERE state = 'link'
    GROUP BY code
) AS arrived USING (code)
ORDER BY clicks DESC, visits DESC, code
