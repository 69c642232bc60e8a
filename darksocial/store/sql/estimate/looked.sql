-- Tagged and untagged arrivals with all that is looked up for them.
-- Grain: one arrival of role 1 or 2. No parameters.
-- An arrival's own token is taken out of the tokens made, and the arrival out of those that came,
-- so that tagged and untagged ones are described alike. One join a step, for old engines.
CREATE TEMPORARY TABLE est_looked AS
SELECT
    id, visitor, role, hour, day_number, page_key, page, length, device, given, navigation, fetch,
    clock, born, hours, toInt64(direct) - 1 AS others, first_here, first_at, at,
    toInt64(made_near_1) - (lag >= 0 AND lag <= 1) AS made_2h,
    toInt64(made_1) - (lag >= 0 AND lag <= 5) AS made_6h,
    toInt64(made_6) - (lag >= 0 AND intDiv(hour, 6) - intDiv(own_hour, 6) <= 4) AS made_24h,
    toInt64(made_24) - (lag >= 0 AND intDiv(hour, 24) - intDiv(own_hour, 24) <= 7) AS made_7d,
    toInt64(came_near_1) - 1 AS came_2h,
    toInt64(came_6) - 1 AS came_24h
FROM
(
    SELECT
        *, visitor_kind AS given,
        if(carries = 1 AND own_page = page_key, toInt64(hour) - toInt64(own_hour), toInt64(-1))
            AS lag
    FROM
    (
    SELECT * FROM
    (
    SELECT * FROM
    (
    SELECT * FROM
    (
        SELECT * FROM est_arrivals WHERE role IN (1, 2)
    ) AS arrival
    GLOBAL ANY LEFT JOIN (SELECT * FROM est_pages) AS landed USING (page_key)
    ) AS paged
    GLOBAL ANY LEFT JOIN (SELECT token, own_page, own_hour FROM est_tokens) AS own USING (token)
    ) AS owned
    GLOBAL ANY LEFT JOIN (SELECT * FROM est_known) AS known USING (visitor, page_key)
    ) AS met
    GLOBAL ANY LEFT JOIN (SELECT * FROM est_around) AS nearby USING (page_key, hour)
) AS joined
