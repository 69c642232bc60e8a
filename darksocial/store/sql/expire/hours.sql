-- Hours of the hits of one month of recording. Parameters: month (YYYYMM).
-- Columns: site, hour (seconds since 1970).
SELECT DISTINCT site, toUInt32(toStartOfHour(ts)) AS hour
FROM hits
WHERE toYYYYMM(recorded) = %(month)s
