-- What was recorded in a range of days besides visits. Parameters: site, first, last.
-- Columns: shares, previews, bots.
SELECT toUInt64(sum(shares)) AS shares, toUInt64(sum(previews)) AS previews, toUInt64(sum(bots)) AS bots
FROM
(
    SELECT
        day, argMax(shares, published) AS shares, argMax(previews, published) AS previews,
        argMax(bots, published) AS bots
    FROM days
    WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s
    GROUP BY day
) AS newest
