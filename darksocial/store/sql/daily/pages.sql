-- Visits by the page and the campaign on which they began. Grain: a day, a landing page and a
-- utm_campaign. Parameters: site, days (condition).
-- Columns: day, page, campaign, and of their visits: n, views, direct (as analytics reports it),
-- dark, public (from social networks, by tagged links too).
SELECT day, concat(toString(host), toString(path)) AS page, toString(tag) AS campaign, n, views,
    direct, dark, public
FROM
(
    SELECT
        day, host, path, utm_campaign AS tag, toUInt64(count()) AS n,
        toUInt64(sum(pages)) AS views,
        toUInt64(countIf(reported_channel = 'Direct')) AS direct,
        toUInt64(countIf(channel = 'dark_social')) AS dark,
        toUInt64(countIf(channel = 'social' OR (channel = 'campaign'
            AND reported_channel IN ('Organic Social', 'Paid Social')))) AS public
    FROM visits
    WHERE site = %(site)s AND %(days)s AND channel != 'internal'
    GROUP BY day, host, path, tag
) AS summed
