-- Conversions. Grain: one visit and currency. Parameters: site, days (condition).
-- Columns: day, visitor, id, reported_channel, channel, application, currency, n, worth.
SELECT
    day, who AS visitor, visit AS id, toString(reported) AS reported_channel,
    toString(way) AS channel, toString(app) AS application, currency, toFloat64(count()) AS n,
    sum(paid) AS worth
FROM
(
    SELECT
        day, visitor AS who, id AS visit, reported_channel AS reported, channel AS way,
        application AS app, conversion_values, conversion_currencies
    FROM visits
    WHERE site = %(site)s AND %(days)s AND conversions > 0
) AS converting
ARRAY JOIN conversion_values AS paid, conversion_currencies AS currency
GROUP BY day, who, visit, reported, way, app, currency
