-- Seconds from a share to the visits by it, of the shares of a range of days.
-- Parameters: tokens (the statement daily/tokens), first, last. Columns: visits, tenth, half,
-- nine_tenths.
SELECT
    count() AS visits,
    toUInt64(if(visits = 0, 0, quantileExact(0.1)(delay))) AS tenth,
    toUInt64(if(visits = 0, 0, quantileExact(0.5)(delay))) AS half,
    toUInt64(if(visits = 0, 0, quantileExact(0.9)(delay))) AS nine_tenths
FROM
(
    SELECT arrayJoin(times) - at AS delay, delay >= 0 AS later
    FROM
    (
        SELECT token, times FROM (%(tokens)s) AS tokens WHERE state = 'valid' AND others > 0
    ) AS visit
    GLOBAL ALL INNER JOIN
    (
        SELECT token, at FROM sharing_outcome
        WHERE kind = 'share' AND day BETWEEN %(first)s AND %(last)s
    ) AS share USING (token)
) AS delayed
WHERE later
