-- How visits from search engines and from other public places came to deep pages: the features of
-- their page and hour, as estimate/features.sql has them for tagged and untagged arrivals, which
-- leave themselves out (tests/estimator/test_composition.py holds the two against each other).
-- Grain: one group and combination of features. Parameters: told (1 where tokens are known at all),
-- groups. Columns: grp, shared, sharing, busy, burst, age, search, public.
SELECT
    grp, shared, sharing, busy, burst, age,
    toUInt64(sum(from_search)) AS search, toUInt64(sum(from_public)) AS public
FROM
(
    SELECT
        toUInt8(sipHash64(page_key) % %(groups)s) AS grp, from_search, from_public,
        toUInt8(multiIf(%(told)s = 0, 0, made_near_1 > 0, 5, made_1 > 0, 4, made_6 > 0, 3,
            made_24 > 0, 2, 1)) AS shared,
        toUInt8(multiIf(%(told)s = 0, 0, made_6 = 0, 1, made_6 < 2, 2, made_6 < 4, 3,
            made_6 < 8, 4, 5)) AS sharing,
        toUInt8(multiIf(came_6 = 0, 1, came_6 < 3, 2, came_6 < 8, 3, came_6 < 20, 4,
            came_6 < 60, 5, 6)) AS busy,
        toFloat64(came_near_1) * hours / (2 * greatest(toFloat64(direct), 0.5)) AS ratio,
        toUInt8(multiIf(came_near_1 = 0, 1, ratio < 1.5, 2, ratio < 4, 3, ratio < 12, 4, 5)) AS burst,
        toUInt8(multiIf(born = 0, 4, hour < born + 24, 1, hour < born + 72, 2, hour < born + 168, 3, 4))
            AS age
    FROM
    (
    SELECT * FROM
    (
    SELECT * FROM
    (
    SELECT * FROM
    (
        SELECT
            page_key, hour, hour AS bucket_1, toUInt32(intDiv(hour, 6)) AS bucket_6,
            toUInt32(intDiv(hour, 24)) AS bucket_24,
            countIf(role = 3) AS from_search, countIf(role = 4) AS from_public
        FROM est_arrivals
        WHERE role IN (3, 4)
        GROUP BY page_key, hour
    ) AS came_there
    GLOBAL ANY LEFT JOIN
    (
        SELECT page_key, page, born, hours, direct FROM est_pages
    ) AS landed USING (page_key)
    WHERE page = 3
    ) AS paged
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
) AS described
GROUP BY grp, shared, sharing, busy, burst, age
