-- What was made and came around each hour in which somebody came to a page. Grain: one page and hour.
-- No parameters. Columns as in `windows`, by scale. One join a step, for old engines.
CREATE TEMPORARY TABLE est_around AS
SELECT page_key, hour, made_1, made_near_1, came_near_1, made_6, came_6, made_24
FROM
(
    SELECT * FROM
    (
    SELECT * FROM
    (
        SELECT DISTINCT
            page_key, hour, hour AS bucket_1, toUInt32(intDiv(hour, 6)) AS bucket_6,
            toUInt32(intDiv(hour, 24)) AS bucket_24
        FROM est_arrivals
        WHERE role != 0
    ) AS came_there
    GLOBAL ANY LEFT JOIN
    (
        SELECT page_key, bucket AS bucket_1, made AS made_1, made_near AS made_near_1,
            came_near AS came_near_1
        FROM est_windows WHERE scale = 1
    ) AS hourly USING (page_key, bucket_1)
    ) AS by_hour
    GLOBAL ANY LEFT JOIN
    (
        SELECT page_key, bucket AS bucket_6, made AS made_6, came AS came_6
        FROM est_windows WHERE scale = 6
    ) AS blocks USING (page_key, bucket_6)
) AS by_block
GLOBAL ANY LEFT JOIN
(
    SELECT page_key, bucket AS bucket_24, made AS made_24 FROM est_windows WHERE scale = 24
) AS daily USING (page_key, bucket_24)
