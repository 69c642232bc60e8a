-- What came in an hour on each page, beside the hours of the weeks before.
-- Grain: a page, a kind and an application. Parameters: site, hour (UTC), past
-- (hours), least.
-- Columns: kind, page, application, found (in that hour), before (in the hours of the past).
SELECT unusual AS kind, page, application, found, before
FROM
(
    SELECT
        toString(kind) AS what,
        multiIf(what = 'share', 'shares', what = 'pageview', 'visits', 'interactions') AS unusual,
        concat(toString(host), toString(path)) AS page,
        multiIf(what != 'pageview', toString(name),
            agent_application != '', toString(agent_application),
            toString(referrer_application)) AS application,
        uniqExactIf(id, ts >= %(hour)s AND ts < %(hour)s + 3600) AS found,
        uniqExactIf(id, ts < %(hour)s) AS before
    FROM hits
    WHERE site = %(site)s AND ts >= %(hour)s - %(past)s * 3600 AND ts < %(hour)s + 3600
        AND (kind IN ('share', 'interaction')
            OR kind = 'pageview' AND internal = 0 AND token_state = 'valid')
        AND agent_kind IN ('', 'browser', 'in_app')
    GROUP BY what, unusual, page, application
) AS counted
WHERE found >= %(least)s
