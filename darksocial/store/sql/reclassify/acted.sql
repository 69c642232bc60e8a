-- What was done in each run. Grain: one run in which something was done.
-- Parameters: arrivals (table), nth_of_began and nth_of_at (expressions: the day of each).
-- An act belongs to the last run of its visitor that began before it, also after a long pause;
-- after the day's end only while that run goes on: what comes later belongs to the next day.
INSERT INTO beside
(
    visitor, step, interactions, engaged, scroll, conversions, conversion_names, conversion_values,
    conversion_currencies
)
SELECT
    visitor, step, interactions, engaged, scroll, conversions,
    arrayMap(x -> tupleElement(x, 3), done) AS conversion_names,
    arrayMap(x -> tupleElement(x, 4), done) AS conversion_values,
    arrayMap(x -> tupleElement(x, 5), done) AS conversion_currencies
FROM
(
    SELECT
        visitor, step,
        toUInt32(countIf(kind = 'interaction')) AS interactions,
        toUInt32(least(sumIf(greatest(value, 0.), kind = 'engagement'), 86400.)) AS engaged,
        toUInt8(least(maxIf(toUInt32OrZero(name), kind = 'engagement'), 100)) AS scroll,
        toUInt32(countIf(kind = 'conversion')) AS conversions,
        arraySort(groupArrayIf(tuple(at, act_id, name, value, currency), kind = 'conversion')) AS done
    FROM
    (
        SELECT visitor, step, nth, at, act_id, kind, name, value, currency
        FROM placed
        GLOBAL ALL INNER JOIN
        (
            SELECT nth, visitor, tupleElement(run, 2) AS step, tupleElement(run, 3) AS ended,
                toUInt32(number) AS place
            FROM
            (
                SELECT %(nth_of_began)s AS nth, visitor,
                    arraySort(groupArray(tuple(began, step, began + seconds))) AS ordered
                FROM %(arrivals)s WHERE visitor IN (SELECT visitor FROM acts)
                GROUP BY nth, visitor
            ) AS gathered_runs
            ARRAY JOIN ordered AS run, arrayEnumerate(ordered) AS number
        ) AS numbered USING (nth, visitor, place)
        WHERE %(nth_of_at)s = nth OR at <= ended
    ) AS found
    GROUP BY visitor, step
) AS counted
