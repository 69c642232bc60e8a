-- Visits by the span of time in which they arrived. Grain: one span; the bounds are those of the
-- report `timing`, about three times as far from one to the next.
-- Columns: begins (seconds after the share), visits.
SELECT
    multiIf(delay < 10, 0, delay < 30, 10, delay < 60, 30, delay < 180, 60, delay < 600, 180,
        delay < 1800, 600, delay < 3600, 1800, delay < 10800, 3600, delay < 28800, 10800,
        delay < 86400, 28800, delay < 259200, 86400, delay < 604800, 259200,
        delay < 2592000, 604800, 2592000) AS begins,
    count() AS visits
FROM timing_delays
GROUP BY begins
ORDER BY begins
