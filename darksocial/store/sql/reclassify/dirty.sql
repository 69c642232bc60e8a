-- Days whose marks are newer than what their last publication had seen, newest day first.
-- Parameters: site ('' for all sites).
SELECT site, day, marked, seen
FROM
(
    SELECT site, day, max(at) AS marked FROM touched
    WHERE site = %(site)s OR %(site)s = ''
    GROUP BY site, day
) AS marks
GLOBAL ANY LEFT JOIN
(
    SELECT site, day, argMax(seen, published) AS seen FROM days GROUP BY site, day
) AS done USING (site, day)
WHERE marked > seen
ORDER BY day DESC, site
