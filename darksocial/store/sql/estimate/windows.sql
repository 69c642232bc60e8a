-- What happened on a page around an hour, spread over the buckets that look back on it.
-- Grain: one page, scale and bucket. No parameters.
-- scale 1: hours, 6: blocks of six hours, 24: days. `made`: tokens made in the bucket or in the
-- `reach` before it; `made_near`: the same with the last bucket alone; `came` and `came_near`:
-- direct arrivals, tagged and untagged alike.
CREATE TEMPORARY TABLE est_windows AS
SELECT
    page_key, scale, toUInt32(bucket + back) AS bucket,
    toUInt32(sum(tokens)) AS made, toUInt32(sum(tokens * (back <= 1))) AS made_near,
    toUInt32(sum(visits)) AS came, toUInt32(sum(visits * (back <= 1))) AS came_near
FROM
(
    SELECT
        page_key, scale, intDiv(hour, scale) AS bucket, tokens, visits,
        arrayJoin(range(multiIf(scale = 1, 6, scale = 6, 5, 8))) AS back
    FROM
    (
        SELECT page_key, hour, tokens, visits, toUInt32(arrayJoin([1, 6, 24])) AS scale
        FROM
        (
            SELECT page_key, hour, sum(token) AS tokens, sum(visit) AS visits
            FROM
            (
                SELECT own_page AS page_key, own_hour AS hour, 1 AS token, 0 AS visit
                FROM est_tokens
                UNION ALL
                SELECT page_key, hour, 0 AS token, 1 AS visit
                FROM est_arrivals WHERE role IN (1, 2)
            ) AS acts
            GROUP BY page_key, hour
        ) AS hourly
    ) AS scaled
) AS reaching
GROUP BY page_key, scale, bucket
