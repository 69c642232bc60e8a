-- What each post got in a range of days. Grain: one post. Parameters: site, first, last.
-- Columns: network, post, page, campaign, likes, comments, public_shares.
-- Of figures that are totals so far, the last of the range counts without the last before it; one
-- that fell counts as nothing.
CREATE TEMPORARY TABLE public_posts AS
SELECT
    network, post, argMax(on_page, day) AS page, argMax(tag, day) AS campaign,
    sumIf(liked, daily AND inside) + if(likes_now > likes_before, likes_now - likes_before, 0)
        AS likes,
    sumIf(commented, daily AND inside)
        + if(comments_now > comments_before, comments_now - comments_before, 0) AS comments,
    sumIf(passed_on, daily AND inside)
        + if(shares_now > shares_before, shares_now - shares_before, 0) AS public_shares,
    argMaxIf(liked, day, NOT daily) AS likes_now,
    argMaxIf(liked, day, NOT daily AND NOT inside) AS likes_before,
    argMaxIf(commented, day, NOT daily) AS comments_now,
    argMaxIf(commented, day, NOT daily AND NOT inside) AS comments_before,
    argMaxIf(passed_on, day, NOT daily) AS shares_now,
    argMaxIf(passed_on, day, NOT daily AND NOT inside) AS shares_before,
    max(inside) AS seen
FROM
(
    SELECT
        network, post, day, day >= %(first)s AS inside,
        argMax(page, version) AS on_page, argMax(utm_campaign, version) AS tag,
        argMax(likes, version) AS liked, argMax(comments, version) AS commented,
        argMax(shares, version) AS passed_on, argMax(running, version) = 0 AS daily
    FROM public_figures
    WHERE site = %(site)s AND day <= %(last)s
    GROUP BY network, post, day, inside
) AS newest
GROUP BY network, post
HAVING seen = 1
