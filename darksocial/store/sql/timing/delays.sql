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
    SELECT key, toUInt32(first) AS at
    FROM
    (
        -- Two times in one number: the earlier record, and when it happened (the low half).
        SELECT
            cityHash64(token) AS key,
            min(bitShiftLeft(toUInt64(toUInt32(recorded)), 32) + toUInt32(ts)) AS first
        FROM shares
        WHERE site = %(site)s
        GROUP BY key
    ) AS reported
    WHERE toDate(toDateTime(toUInt32(first)), %(timezone)s) BETWEEN %(first)s AND %(last)s
) AS share USING (key)
WHERE came >= at
