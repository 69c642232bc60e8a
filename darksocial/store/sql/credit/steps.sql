-- The visits on the ways of those who are followed, numbered. Grain: one visit and currency.
-- Parameters: site, first, last, lookback (days). Columns: visitor, currency, number, opens, n,
-- worth, reported_channel, channel, application.
-- What went on after a pause (channel internal) has the number of the visit before it.
CREATE TEMPORARY TABLE credit_steps AS
SELECT
    visitor, currency, toUInt32(place) AS number, opens, tupleElement(step, 3) AS n,
    tupleElement(step, 4) AS worth, tupleElement(step, 5) AS reported_channel,
    tupleElement(step, 6) AS channel, tupleElement(step, 7) AS application
FROM
(
    SELECT
        visitor, currency,
        arraySort(groupArray(tuple(at, id, n, worth, reported_channel, channel, application)))
            AS way,
        arrayMap((x, i) -> toUInt8(i = 1 OR tupleElement(x, 6) != 'internal'), way,
            arrayEnumerate(way)) AS openings,
        arrayCumSum(arrayMap(x -> toUInt32(x), openings)) AS numbers
    FROM
    (
        SELECT visitor, id, currency, at, reported_channel, channel, application, n, worth
        FROM
        (
            SELECT visitor, id, at, reported_channel, channel, application, currency
            FROM
            (
                SELECT visitor, id, toUInt32(ts) AS at,
                    toString(reported_channel) AS reported_channel, toString(channel) AS channel,
                    toString(application) AS application
                FROM visits
                WHERE site = %(site)s AND day BETWEEN toDate(%(first)s) - %(lookback)s AND %(last)s
                    AND (SELECT count() FROM credit_followed) > 0
                    AND visitor IN (SELECT visitor FROM credit_followed)
            ) AS visit
            GLOBAL ALL INNER JOIN (SELECT DISTINCT visitor, currency FROM credit_outcomes) AS paid
            USING (visitor)
        ) AS expected
        GLOBAL ANY LEFT JOIN (SELECT visitor, id, currency, n, worth FROM credit_outcomes) AS made
        USING (visitor, id, currency)
    ) AS found
    GROUP BY visitor, currency
) AS ways
ARRAY JOIN way AS step, numbers AS place, openings AS opens
