-- Seconds from a share to the visits by it, of the shares of a range of days.
-- Parameters: outcome (table), first, last. Columns: visits, tenth, half, nine_tenths.
SELECT
    count() AS visits,
    toUInt64(if(visits = 0, 0, quantileExact(0.1)(delay))) AS tenth,
    toUInt64(if(visits = 0, 0, quantileExact(0.5)(delay))) AS half,
    toUInt64(if(visits = 0, 0, quantileExact(0.9)(delay))) AS nine_tenths
FROM
(
    SELECT toInt64(came) - at AS delay
    FROM
    (
        SELECT arrayJoin(times) AS came, at FROM %(outcome)s AS outcome
        WHERE kind = 'share' AND day BETWEEN %(first)s AND %(last)s
    ) AS visit
    WHERE came >= at
) AS delayed
