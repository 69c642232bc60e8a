-- Public figures that are there, the newest of each post and day.
-- Parameters: site, first, last (days). Columns: network, post, day, page, utm_campaign, likes,
-- comments, shares, running.
SELECT
    network, post, day, argMax(on_page, version) AS page, argMax(tag, version) AS utm_campaign,
    argMax(liked, version) AS likes, argMax(commented, version) AS comments,
    argMax(passed_on, version) AS shares, argMax(total_so_far, version) AS running
FROM
(
    SELECT
        network, post, day, version, page AS on_page, utm_campaign AS tag, likes AS liked,
        comments AS commented, shares AS passed_on, running AS total_so_far
    FROM public_figures
    WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s
) AS every
GROUP BY network, post, day
