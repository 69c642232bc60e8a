-- Public and dark reach side by side. Grain: one page or campaign. Parameters: site, first, last,
-- timezone, limit, by (page or campaign). Columns: value, visits, dark_social, social, shares,
-- posts, likes, comments, public_shares, site_likes, site_comments, plays, downloads, interactions.
-- Visits by tagged links in social networks are public reach, too.
SELECT
    value, toUInt64(sum(came)) AS visits, toUInt64(sum(dark)) AS dark_social,
    toUInt64(sum(public)) AS social, toUInt64(sum(minted)) AS shares,
    toUInt64(sum(posted)) AS posts, toUInt64(sum(liked)) AS likes,
    toUInt64(sum(commented)) AS comments, toUInt64(sum(passed_on)) AS public_shares,
    toUInt64(sum(n_like)) AS site_likes, toUInt64(sum(n_comment)) AS site_comments,
    toUInt64(sum(n_play)) AS plays, toUInt64(sum(n_download)) AS downloads,
    toUInt64(sum(acted)) AS interactions
FROM
(
    SELECT
        %(by)s AS value, toUInt64(0) AS came, toUInt64(0) AS dark, toUInt64(0) AS public,
        toUInt64(0) AS minted, toUInt64(count()) AS posted, toUInt64(sum(likes)) AS liked,
        toUInt64(sum(comments)) AS commented, toUInt64(sum(public_shares)) AS passed_on,
        toUInt64(0) AS n_like, toUInt64(0) AS n_comment, toUInt64(0) AS n_play,
        toUInt64(0) AS n_download, toUInt64(0) AS acted
    FROM public_posts
    GROUP BY value
    UNION ALL
    SELECT
        %(by)s AS value, toUInt64(count()) AS came, countIf(channel = 'dark_social') AS dark,
        countIf(channel = 'social' OR (channel = 'campaign'
            AND reported_channel IN ('Organic Social', 'Paid Social'))) AS public,
        toUInt64(0), toUInt64(0), toUInt64(0), toUInt64(0),
        toUInt64(0), toUInt64(0), toUInt64(0), toUInt64(0), toUInt64(0), toUInt64(0)
    FROM
    (
        SELECT concat(toString(host), toString(path)) AS page,
            toString(utm_campaign) AS campaign, toString(channel) AS channel,
            toString(reported_channel) AS reported_channel
        FROM visits
        WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s AND channel != 'internal'
    ) AS arrived
    GROUP BY value
    UNION ALL
    SELECT
        %(by)s AS value, toUInt64(0), toUInt64(0), toUInt64(0),
        uniqExactIf(token, kind = 'share') AS minted,
        toUInt64(0), toUInt64(0), toUInt64(0), toUInt64(0),
        uniqExactIf(id, kind = 'interaction' AND name = 'like') AS n_like,
        uniqExactIf(id, kind = 'interaction' AND name = 'comment') AS n_comment,
        uniqExactIf(id, kind = 'interaction' AND name = 'play') AS n_play,
        uniqExactIf(id, kind = 'interaction' AND name = 'download') AS n_download,
        uniqExactIf(id, kind = 'interaction') AS acted
    FROM
    (
        SELECT id, token, toString(kind) AS kind, toString(name) AS name,
            concat(toString(host), toString(path)) AS page, toString(utm_campaign) AS campaign
        FROM hits
        WHERE site = %(site)s AND kind IN ('share', 'interaction')
            AND agent_kind IN ('', 'browser', 'in_app')
            AND toDate(ts, %(timezone)s) BETWEEN %(first)s AND %(last)s
    ) AS done
    GROUP BY value
) AS side
WHERE value != ''
GROUP BY value
HAVING posts > 0 OR shares > 0 OR dark_social > 0 OR interactions > 0
ORDER BY likes + comments + public_shares + shares + dark_social DESC, visits DESC, value
LIMIT %(limit)s
