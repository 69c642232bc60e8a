-- Conversions, shared out among the visits that led to them. Parameters: model.
-- Grain: one way of coming in and currency. Columns: reported_channel, channel, application,
-- currency, visits, conversions, value.
-- Of a conversion in the j-th visit, the k-th has: first_touch 1 where k = 1; linear 1/j;
-- position_based 0.4 where k = 1, 0.4 where k = j, and the visits between share
-- 0.2 (of two visits each has half). So what the k-th visit has of all later conversions is a
-- sum from the end: `rest`.
SELECT
    reported_channel, channel, application, currency,
    toUInt64(countIf(measure = 'n' AND credit > 0)) AS visits,
    round(sumIf(credit, measure = 'n'), 4) AS conversions,
    round(sumIf(credit, measure = 'worth'), 4) AS value
FROM
(
    SELECT
        currency, measure, tupleElement(touch, 3) AS reported_channel,
        tupleElement(touch, 4) AS channel, tupleElement(touch, 5) AS application,
        multiIf(
            %(model)s = 'first_touch', if(k = 1, whole, 0.),
            %(model)s = 'linear', even,
            k = 1, amount + 0.5 * second + 0.4 * (whole - amount - second),
            k = 2, 0.5 * amount + rest - between,
            0.4 * amount + rest - between) AS credit
    FROM
    (
        SELECT
            currency, measure,
            arraySort(groupArray(tuple(number, amount, reported_channel, channel, application)))
                AS touches,
            arrayMap(x -> tupleElement(x, 2), touches) AS amounts,
            arraySum(amounts) AS whole,
            if(length(amounts) > 1, amounts[2], 0.) AS second,
            arrayReverse(arrayCumSum(arrayReverse(
                arrayMap((a, j) -> a / j, amounts, arrayEnumerate(amounts))))) AS evens,
            arrayMap((a, j) -> if(j > 2, 0.2 * a / (j - 2), 0.), amounts, arrayEnumerate(amounts))
                AS betweens,
            arrayReverse(arrayCumSum(arrayReverse(betweens))) AS rests
        FROM credit_touches
        GROUP BY visitor, currency, measure
    ) AS ways
    ARRAY JOIN touches AS touch, amounts AS amount, evens AS even, betweens AS between,
        rests AS rest, arrayEnumerate(amounts) AS k
) AS credited
GROUP BY reported_channel, channel, application, currency
HAVING visits > 0 OR value != 0
ORDER BY conversions DESC, value DESC, reported_channel, channel, application, currency
