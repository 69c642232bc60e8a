-- Public and dark reach side by side. Grain: one page or campaign. Parameters: limit, by (page or
-- campaign), pages and acts (statements of daily). Columns: value, visits, dark_social, social, shares,
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
        %(by)s AS value, toUInt64(sum(n)) AS came, toUInt64(sum(dark_visits)) AS dark,
        toUInt64(sum(public_visits)) AS public,
        toUInt64(0), toUInt64(0), toUInt64(0), toUInt64(0),
        toUInt64(0), toUInt64(0), toUInt64(0), toUInt64(0), toUInt64(0), toUInt64(0)
    FROM
    (
        SELECT page, campaign, n, dark AS dark_visits, public AS public_visits
        FROM (%(pages)s) AS pages
    ) AS arrived
    GROUP BY value
    UNION ALL
    SELECT
        %(by)s AS value, toUInt64(0), toUInt64(0), toUInt64(0),
        toUInt64(sum(tokens)) AS minted,
        toUInt64(0), toUInt64(0), toUInt64(0), toUInt64(0),
        toUInt64(sumIf(n, kind = 'interaction' AND name = 'like')) AS n_like,
        toUInt64(sumIf(n, kind = 'interaction' AND name = 'comment')) AS n_comment,
        toUInt64(sumIf(n, kind = 'interaction' AND name = 'play')) AS n_play,
        toUInt64(sumIf(n, kind = 'interaction' AND name = 'download')) AS n_download,
        toUInt64(sumIf(n, kind = 'interaction')) AS acted
    FROM (%(acts)s) AS acts
    WHERE kind IN ('share', 'interaction') AND program = 0
    GROUP BY value
) AS side
WHERE value != ''
GROUP BY value
HAVING posts > 0 OR shares > 0 OR dark_social > 0 OR interactions > 0
ORDER BY likes + comments + public_shares + shares + dark_social DESC, visits DESC, value
LIMIT %(limit)s
