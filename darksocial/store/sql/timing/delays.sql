-- How long after a share each of its visits arrived, of the shares of a range of days.
-- Grain: one visit. Parameters: site, first, last, timezone.
-- Columns: application, delay (seconds).
-- Visits are those of others than the sharer, each visitor once a day; of a token that was
-- reported more than once the share counts that was recorded first. Tokens are joined by their
-- hashes, which takes less than by the texts; no visit is older than its share.
CREATE TEMPORARY TABLE timing_delays AS
SELECT application, toUInt32(ts - at) AS delay
FROM
(
    SELECT cityHash64(token) AS key, toUInt32(ts) AS ts, toString(application) AS application
    FROM visits
    WHERE site = %(site)s AND day >= %(first)s AND token_state = 'valid'
        AND channel != 'internal'
        AND evidence != 'own_share' AND repeated = 0
        AND NOT (returning = '1' AND url_seen = '1')
) AS visit
GLOBAL ALL INNER JOIN
(
    SELECT key, at
    FROM
    (
        SELECT
            cityHash64(token) AS key, argMin(toUInt32(ts), tuple(recorded, ts, id)) AS at
        FROM shares
        WHERE site = %(site)s
        GROUP BY key
    ) AS reported
    WHERE toDate(toDateTime(at), %(timezone)s) BETWEEN %(first)s AND %(last)s
) AS share USING (key)
WHERE ts >= at
