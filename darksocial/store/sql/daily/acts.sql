-- What was done beside views: clicks and previews of links, shares, interactions. Grain: a day, a
-- kind of hit with its name, a link, a page and a utm_campaign.
-- Parameters: site, days (condition), timezone, begin and end (UTC).
-- Columns: day, kind, name, program (1 where a program that shows previews asked), code (of a
-- link), page, campaign, n (hits), tokens (that were passed on; one reported on two days counts on
-- both).
SELECT day, toString(what) AS kind, toString(named) AS name, program, code,
    concat(toString(host), toString(path)) AS page, toString(tag) AS campaign, n, tokens
FROM
(
    SELECT
        toDate(ts, %(timezone)s) AS day, kind AS what, name AS named,
        toUInt8(agent_kind = 'preview') AS program,
        if(token_state = 'link' AND kind IN ('click', 'preview'), token, '') AS code,
        host, path, utm_campaign AS tag, toUInt64(uniqExact(id)) AS n,
        toUInt64(uniqExactIf(token, kind = 'share')) AS tokens
    FROM hits
    WHERE site = %(site)s AND ts >= %(begin)s AND ts < %(end)s
        AND agent_kind IN ('', 'browser', 'in_app', 'preview')
        AND (kind IN ('share', 'interaction')
            OR (kind IN ('click', 'preview') AND token_state = 'link'))
    GROUP BY day, what, named, program, code, host, path, tag
) AS summed
WHERE %(days)s
