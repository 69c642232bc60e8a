-- What networks said of posts, beside the visits that came from them. Grain: one network,
-- or utm_source of tagged links in social networks.
-- Parameters: ways (the statement daily/ways), limit. Columns: value, visits, posts, likes, comments,
-- public_shares, pages (that were posted there).
SELECT
    value, toUInt64(sum(came)) AS visits, toUInt64(sum(posted)) AS posts,
    toUInt64(sum(liked)) AS likes, toUInt64(sum(commented)) AS comments,
    toUInt64(sum(passed_on)) AS public_shares, toUInt64(sum(on_pages)) AS pages
FROM
(
    SELECT
        network AS value, toUInt64(0) AS came, toUInt64(count()) AS posted,
        toUInt64(sum(likes)) AS liked, toUInt64(sum(comments)) AS commented,
        toUInt64(sum(public_shares)) AS passed_on, toUInt64(uniqExact(page)) AS on_pages
    FROM public_posts
    GROUP BY value
    UNION ALL
    SELECT
        if(channel = 'social', application, source) AS value, toUInt64(sum(n)) AS came,
        toUInt64(0), toUInt64(0), toUInt64(0), toUInt64(0), toUInt64(0)
    FROM (%(ways)s) AS ways
    WHERE channel = 'social'
        OR (channel = 'campaign' AND reported_channel IN ('Organic Social', 'Paid Social'))
    GROUP BY value
) AS side
GROUP BY value
ORDER BY likes + comments + public_shares DESC, visits DESC, value
LIMIT %(limit)s
