-- Acts with the number of the run of their visitor on a day that began last before them.
-- Grain: one act and day. Parameters: nth_of_began (an expression: the day on which `began` is).
-- Columns: nth (day), visitor, place (of the run), at, act_id, kind, name, value, currency.
-- Runs and acts are laid on one line a visitor, so that no number of either makes this slow.
CREATE TEMPORARY TABLE placed AS
SELECT nth, visitor, toUInt32(place) AS place, at, act_id, kind, name, value, currency
FROM
(
    SELECT
        nth, visitor, tupleElement(step, 1) AS packed, tupleElement(step, 2) AS act_id,
        tupleElement(step, 3) AS kind, tupleElement(step, 4) AS name,
        tupleElement(step, 5) AS value, tupleElement(step, 6) AS currency,
        intDiv(packed, 2) AS at, place
    FROM
    (
        SELECT
            nth, visitor,
            arraySort(groupArray(tuple(packed, id, kind, name, value, currency))) AS steps,
            arrayCumSum(arrayMap(x -> toUInt32(tupleElement(x, 1) % 2 = 0), steps))
                AS places
        FROM
        (
            SELECT %(nth_of_began)s AS nth, visitor, toUInt64(began) * 2 AS packed, step AS id,
                '' AS kind, '' AS name,
                toFloat64(0) AS value, '' AS currency
            FROM runs WHERE visitor IN (SELECT visitor FROM acts)
            UNION ALL
            SELECT nth, visitor, toUInt64(at) * 2 + 1 AS packed, id, kind, name, value, currency
            FROM acts
        ) AS both_kinds
        GROUP BY nth, visitor
    ) AS lines
    ARRAY JOIN steps AS step, places AS place
) AS unpacked
WHERE kind != '' AND place > 0
