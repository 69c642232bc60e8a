-- How visits by shares spread over time, by application and for all of them. Grain: one
-- application; `whole` is 1 in the row of all.
-- Columns: whole, application, visits, tenth_seconds, half_seconds, nine_tenths_seconds (in which
-- so many had arrived), hour (visits within the first hour).
SELECT
    whole, application, visits, toFloat64(ends[1]) AS tenth_seconds,
    toFloat64(ends[2]) AS half_seconds, toFloat64(ends[3]) AS nine_tenths_seconds, hour
FROM
(
    SELECT
        whole, application, count() AS visits, quantilesExact(0.1, 0.5, 0.9)(delay) AS ends,
        countIf(delay <= 3600) AS hour
    FROM
    (
        SELECT toUInt8(0) AS whole, application, delay FROM timing_delays
        UNION ALL
        SELECT toUInt8(1) AS whole, '' AS application, delay FROM timing_delays
    ) AS both
    GROUP BY whole, application
) AS spread
ORDER BY visits DESC, application
