-- The runs of a day, each with the hit that began it (as often as that was recorded).
-- Grain: one run of hits. Parameters: site, begin, end (UTC), step (an expression).
CREATE TEMPORARY TABLE arrivals AS
SELECT *, toDateTime(began, 'UTC') AS ts
FROM
(
    SELECT
        %(step)s AS step,
        id, visitor, host, path, token, token_state, method, referrer_host, referrer_path,
        referrer_kind, referrer_application, agent_kind, agent_application,
        agent_application_kind, browser, os, device, navigation, fetch_site, returning, url_seen,
        click_network, click_kind, utm_source, utm_medium, utm_campaign, reported_channel, source
    FROM hits
    WHERE site = %(site)s
        AND ts >= %(begin)s AND ts < %(end)s
        AND kind NOT IN ('click', 'preview')
        AND agent_kind IN ('', 'browser', 'in_app')
) AS hit
GLOBAL ANY LEFT JOIN
(
    SELECT visitor, step, began, pages, seconds, arrived FROM runs
) AS run USING (visitor, step)
WHERE pages > 0
