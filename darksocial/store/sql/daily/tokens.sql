-- Visits by tokens, links and campaigns. Grain: a day, a token or code, and a utm_campaign.
-- Parameters: site, days (condition).
-- Columns: day, token, state (valid or link, '' without a token), campaign, application (of dark and
-- public social visits), and of their visits: n, made (conversions), linked (known by the link),
-- first_at, first_id, method, page; and of those by others than the sharer, each visitor once:
-- others, others_made, converting, times (of shares alone, in seconds since 1970).
SELECT
    day, token, toString(state_of) AS state, toString(tag) AS campaign,
    toString(app) AS application, n, made, linked, first_at, first_id, way AS method, page, others,
    others_made, converting, times
FROM
(
    SELECT
        day, key AS token, state_of, tag, app, toUInt64(count()) AS n,
        toUInt64(sum(conversions)) AS made, toUInt64(sum(by_link)) AS linked,
        min(at) AS first_at, min(id) AS first_id,
        toString(any(method)) AS way,
        concat(toString(any(host)), toString(any(path))) AS page,
        toUInt64(sum(counts)) AS others, toUInt64(sum(conversions * counts)) AS others_made,
        toUInt64(sum(counts AND conversions > 0)) AS converting,
        groupArrayIf(at, counts AND state_of = 'valid') AS times
    FROM
    (
        SELECT
            day, if(token_state IN ('valid', 'link'), token, '') AS key,
            if(token_state IN ('valid', 'link'), toString(token_state), '') AS state_of,
            utm_campaign AS tag,
            if(channel IN ('dark_social', 'social'), toString(application), '') AS app,
            conversions, evidence = 'link' AS by_link, toUInt32(ts) AS at, id, method, host, path,
            toUInt8(evidence != 'own_share' AND repeated = 0
                AND NOT (returning = '1' AND url_seen = '1')) AS counts
        FROM visits
        WHERE site = %(site)s AND %(days)s AND channel != 'internal'
            AND ((token != '' AND token_state IN ('valid', 'link')) OR utm_campaign != '')
    ) AS single
    GROUP BY day, key, state_of, tag, app
) AS summed
