-- Public figures of posts, the newest of each day, by post and day. Parameters: site, first, last (days).
-- Columns: network, post, day, page, likes, comments, shares, running, entered (nanoseconds since
-- 1970).
SELECT
    network, post, day, argMax(on_page, version) AS page, argMax(liked, version) AS likes,
    argMax(commented, version) AS comments, argMax(passed_on, version) AS shares,
    argMax(total_so_far, version) AS running, max(version) AS entered
FROM
(
    SELECT
        network, post, day, version, page AS on_page, likes AS liked, comments AS commented,
        shares AS passed_on, running AS total_so_far
    FROM public_figures
    WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s
) AS every
GROUP BY network, post, day
ORDER BY network, post, day
