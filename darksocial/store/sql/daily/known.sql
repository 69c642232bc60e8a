-- The published days of a range, and of which publications their sums are kept.
-- Parameters: site, first, last. Columns: day, version, kept (a number, 0 for none), held and
-- held_before (the publications of the day and of the day before that they are of).
SELECT day, version, kept, held, held_before
FROM
(
    SELECT day, max(published) AS version
    FROM days WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s
    GROUP BY day
) AS newest
GLOBAL ANY LEFT JOIN
(
    SELECT day, max(number) AS kept, argMax(of_day, number) AS held,
        argMax(of_before, number) AS held_before
    FROM
    (
        SELECT day, kept AS number, version AS of_day, before AS of_before FROM daily_kept
        WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s
    ) AS notes
    GROUP BY day
) AS kept_days USING (day)
ORDER BY day
