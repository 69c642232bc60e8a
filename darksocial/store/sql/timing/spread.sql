-- How visits by shares spread over time, by application and for all of them. Grain: one
-- application; `whole` is 1 in the row of all.
-- Columns: whole, application, visits, tenth_seconds, half_seconds, nine_tenths_seconds (in which
-- so many had arrived), hour (visits within the first hour).
SELECT
    whole, application, count() AS visits,
    toFloat64(quantileExact(0.1)(delay)) AS tenth_seconds,
    toFloat64(quantileExact(0.5)(delay)) AS half_seconds,
    toFloat64(quantileExact(0.9)(delay)) AS nine_tenths_seconds,
    countIf(delay <= 3600) AS hour
FROM
(
    SELECT toUInt8(0) AS whole, application, delay FROM timing_delays
    UNION ALL
    SELECT toUInt8(1) AS whole, '' AS application, delay FROM timing_delays
) AS both
GROUP BY whole, application
ORDER BY visits DESC, application
