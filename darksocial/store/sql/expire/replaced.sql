-- How many notes of publications have been replaced. Parameters: before (microseconds since 1970).
-- Columns: n.
SELECT toUInt64(sum(notes - 1)) AS n
FROM
(
    SELECT count() AS notes FROM days WHERE published < %(before)s GROUP BY site, day
) AS counted
