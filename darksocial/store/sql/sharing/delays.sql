-- Seconds from a share to the visits by it, of the shares of a range of days.
-- Parameters: site, first, last. Columns: visits, tenth, half, nine_tenths.
SELECT
    count() AS visits,
    toUInt64(if(visits = 0, 0, quantileExact(0.1)(delay))) AS tenth,
    toUInt64(if(visits = 0, 0, quantileExact(0.5)(delay))) AS half,
    toUInt64(if(visits = 0, 0, quantileExact(0.9)(delay))) AS nine_tenths
FROM
(
    SELECT toUInt32(ts) - at AS delay
    FROM
    (
        SELECT token, toUInt32(ts) AS ts
        FROM visits
        WHERE site = %(site)s AND token_state = 'valid' AND channel != 'internal'
            AND evidence != 'own_share' AND repeated = 0
            AND NOT (returning = '1' AND url_seen = '1')
    ) AS visit
    GLOBAL ALL INNER JOIN
    (
        SELECT token, at FROM sharing_outcome
        WHERE kind = 'share' AND day BETWEEN %(first)s AND %(last)s
    ) AS share USING (token)
    WHERE ts >= at
) AS delayed
