-- How long after a share each of its visits arrived, of the shares of a range of days.
-- Grain: one visit. Parameters: site, first, last, timezone, tokens (the statement daily/tokens, from
-- the first day on). Columns: application, delay (seconds).
-- Visits are those of others than the sharer, each visitor once a day; of a token that was
-- reported more than once the share counts that was recorded first. Tokens are joined by their
-- hashes, which takes less than by the texts; no visit is older than its share.
CREATE TEMPORARY TABLE timing_delays AS
SELECT application, toUInt32(came - at) AS delay
FROM
(
    SELECT cityHash64(token) AS key, application, arrayJoin(times) AS came
    FROM (%(tokens)s) AS tokens
    WHERE state = 'valid'
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
WHERE came >= at
