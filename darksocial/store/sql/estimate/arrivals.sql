-- The arrivals that the estimator looks at, and what each of them is to it.
-- Grain: one arrival. Parameters: visits (table), site, begin, end (UTC), timezone, stripped.
-- role: 1 tagged (T: a token, and otherwise as bare as an untagged visit), 2 untagged (U: evidence
-- `model`), 3 from a search engine, 4 from another public place, 0 any other.
-- For validation the tokens in est_hidden are taken for absent, and where `stripped` is 1 campaigns
-- for untagged. unit: the channel of a link passed on that shows without its token, or ''.
CREATE TEMPORARY TABLE est_arrivals AS
SELECT
    id, visitor, toUInt32(ts) AS at, intDiv(toUInt32(ts), 3600) AS hour,
    toUInt8(intDiv(toHour(ts, %(timezone)s), 4) + 1) AS clock,
    toUInt32(toDate(ts, %(timezone)s)) AS day_number,
    sipHash64(host, path) AS page_key, host, path, token,
    toUInt8(valid) AS carries,
    toUInt8(multiIf(
        evidence = 'model' OR hidden AND bare OR %(stripped)s AND evidence = 'campaign', 2,
        valid AND bare, 1,
        channel = 'search', 3,
        channel IN ('social', 'referral', 'ai'), 4,
        0)) AS role,
    multiIf(
        evidence = 'own_share', '',
        agent_application_kind = 'messenger', concat('app ', agent_application),
        referrer_kind IN ('messenger', 'email', 'document'),
            concat(referrer_kind, ' ', if(referrer_application = '', referrer_host,
                referrer_application)),
        '') AS unit,
    toUInt8(transform(device, ['desktop', 'mobile', 'tablet'], [1, 2, 3], 0)) AS device,
    toUInt8(multiIf(url_seen = '1', 3, returning = '1', 2, returning = '0', 1, 0)) AS visitor_kind,
    toUInt8(transform(navigation, ['navigate', 'prerender'], [1, 2], 0)) AS navigation,
    toUInt8(multiIf(fetch_site = '', 0, fetch_site = 'none', 1, 4)) AS fetch_kind,
    toUInt8(if(fetch_kind = 0, 0, fetch_kind + multiIf(
        position(browser, 'Firefox') > 0, 1, position(browser, 'Safari') > 0, 2, 0))) AS fetch
FROM
(
    SELECT
        *,
        evidence IN ('token', 'preview') AND token_state = 'valid' AS came_by_token,
        came_by_token AND token IN (SELECT token FROM est_hidden) AS hidden,
        came_by_token AND NOT hidden AS valid,
        referrer_host = '' AND utm_source = '' AND utm_medium = '' AND utm_campaign = ''
            AND agent_kind = '' AND click_network = '' AS bare
    FROM
    (
        SELECT
            id, visitor, ts, CAST(host AS String) AS host, CAST(path AS String) AS path,
            CAST(channel AS String) AS channel, CAST(evidence AS String) AS evidence, token,
            CAST(token_state AS String) AS token_state, CAST(referrer_host AS String) AS referrer_host,
            CAST(utm_source AS String) AS utm_source, CAST(utm_medium AS String) AS utm_medium,
            CAST(utm_campaign AS String) AS utm_campaign, CAST(browser AS String) AS browser,
            CAST(device AS String) AS device, CAST(navigation AS String) AS navigation,
            CAST(fetch_site AS String) AS fetch_site, CAST(returning AS String) AS returning,
            CAST(url_seen AS String) AS url_seen
        FROM %(visits)s
        WHERE site = %(site)s AND ts >= %(begin)s AND ts < %(end)s AND channel != 'internal'
    ) AS visit
    GLOBAL ANY LEFT JOIN
    (
        SELECT
            id, visitor, CAST(agent_kind AS String) AS agent_kind,
            CAST(agent_application AS String) AS agent_application,
            CAST(agent_application_kind AS String) AS agent_application_kind,
            CAST(referrer_kind AS String) AS referrer_kind,
            CAST(referrer_application AS String) AS referrer_application,
            CAST(click_network AS String) AS click_network
        FROM hits
        WHERE site = %(site)s AND ts >= %(begin)s AND ts < %(end)s AND kind = 'pageview'
            AND (agent_kind = 'in_app' OR click_network != ''
                OR referrer_kind IN ('messenger', 'email', 'document'))
    ) AS shown USING (id, visitor)
) AS told
