-- A day's visits and those of the days before it, since features look back.
-- Grain: one visit. Parameters: site, since and day (days), target (table of the day's visits).
CREATE TEMPORARY TABLE est_context AS
SELECT
    site, day, id, ts, visitor, host, path, channel, evidence, token, token_state, referrer_host,
    utm_source, utm_medium, utm_campaign, browser, device, navigation, fetch_site, returning,
    url_seen
FROM visits
WHERE site = %(site)s AND day >= %(since)s AND day < %(day)s
UNION ALL
SELECT
    site, day, id, ts, visitor, host, path, channel, evidence, token, token_state, referrer_host,
    utm_source, utm_medium, utm_campaign, browser, device, navigation, fetch_site, returning,
    url_seen
FROM %(target)s
