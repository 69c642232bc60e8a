-- Managed links, each with what came of it; a HEAD request is no click. Parameters: site, first, last, timezone.
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
        SELECT token AS code, uniqExactIf(id, kind = 'click' AND name != 'HEAD') AS clicks,
            uniqExactIf(id, kind = 'preview') AS previews
        FROM hits
        WHERE site = %(site)s AND kind IN ('click', 'preview') AND token_state = 'link'
            AND agent_kind IN ('', 'browser', 'in_app', 'preview')
            AND toDate(ts, %(timezone)s) BETWEEN %(first)s AND %(last)s
        GROUP BY code
    ) AS clicked USING (code)
    WHERE gone = 0
) AS told
GLOBAL ANY LEFT JOIN
(
    SELECT token AS code, count() AS visits
    FROM visits
    WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s AND evidence = 'link'
    GROUP BY code
) AS arrived USING (code)
ORDER BY clicks DESC, visits DESC, code
