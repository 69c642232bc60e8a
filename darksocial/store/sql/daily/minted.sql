-- The visit in which somebody passed a link on: the last of the same visitor before it, at most a day
-- earlier. Grain: one share in a visit by a campaign's tag or link; a visitor's shares alone.
-- Parameters: site, days (condition), timezone, begin and end (UTC), first and last (days).
-- Columns: day (of the share), token, came_on (the visit's day), code (of its link), campaign,
-- passed_on (the visit itself came by a share).
SELECT day, token, came_on, code, campaign, passed_on
FROM
(
    SELECT
        day, token, tupleElement(latest, 3) AS came_on, tupleElement(latest, 4) AS code,
        tupleElement(latest, 5) AS campaign, tupleElement(latest, 6) AS passed_on
    FROM
    (
        SELECT day, token, max(tuple(ts, id, on_day, link, tag, token_came)) AS latest
        FROM
        (
            SELECT
                toDate(shared, %(timezone)s) AS day, token, visitor, toUInt32(shared) AS at
            FROM
            (
                SELECT token, visitor, ts AS shared
                FROM shares
                WHERE site = %(site)s AND ts >= %(begin)s AND ts < %(end)s AND visitor != 0
                ORDER BY recorded, ts, id
                LIMIT 1 BY token
            ) AS first_reports
        ) AS minted
        GLOBAL ALL INNER JOIN
        (
            SELECT
                visitor, toUInt32(ts) AS ts, id, day AS on_day,
                if(token_state = 'link', toString(token), '') AS link,
                toString(utm_campaign) AS tag, toUInt8(token_state = 'valid') AS token_came
            FROM visits
            WHERE site = %(site)s AND day BETWEEN toDate(%(first)s) - 1 AND %(last)s
                AND channel != 'internal' AND visitor IN
                (
                    SELECT visitor FROM shares
                    WHERE site = %(site)s AND ts >= %(begin)s AND ts < %(end)s AND visitor != 0
                )
        ) AS came USING (visitor)
        WHERE ts <= at AND at - ts <= 86400
        GROUP BY day, token
    ) AS last_visits
) AS told
WHERE (code != '' OR campaign != '') AND %(days)s
