-- How visits from search engines and from other public places came to deep pages: the features of
-- their page and hour, as estimate/features.sql has them for tagged and untagged arrivals, which
-- leave themselves out (tests/estimator/test_composition.py holds the two against each other).
-- Grain: one group and combination of features. Parameters: levels (expressions), groups.
-- Columns: grp, shared, sharing, busy, burst, age, search, public.
SELECT
    grp, shared, sharing, busy, burst, age,
    toUInt64(sum(from_search)) AS search, toUInt64(sum(from_public)) AS public
FROM
(
    SELECT
        toUInt8(sipHash64(page_key) % %(groups)s) AS grp, from_search, from_public,
        %(levels)s
    FROM
    (
        SELECT
            page_key, hour, from_search, from_public, born, hours, direct AS others,
            made_near_1 AS made_2h, made_1 AS made_6h, made_6 AS made_24h, made_24 AS made_7d,
            came_near_1 AS came_2h, came_6 AS came_24h
        FROM
        (
            SELECT * FROM
            (
                SELECT
                    page_key, hour, countIf(role = 3) AS from_search, countIf(role = 4) AS from_public
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
        GLOBAL ANY LEFT JOIN (SELECT * FROM est_around) AS nearby USING (page_key, hour)
    ) AS described
) AS coded
GROUP BY grp, shared, sharing, busy, burst, age
