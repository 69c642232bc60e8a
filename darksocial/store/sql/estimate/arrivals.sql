-- The arrivals that the estimator looks at, and what each of them is to it.
-- Grain: one arrival. Parameters: visits (table), site, begin, end (UTC), timezone.
-- role: 1 tagged (T: a token, and otherwise as bare as an untagged visit), 2 untagged (U: evidence
-- `model`), 3 from a search engine, 4 from another public place, 0 any other.
-- unit: the channel of a link passed on that shows without its token ('' where none shows).
CREATE TEMPORARY TABLE est_arrivals AS
SELECT
    id, visitor, toUInt32(ts) AS at, intDiv(toUInt32(ts), 3600) AS hour,
    toUInt8(intDiv(toHour(ts, %(timezone)s), 4) + 1) AS clock,
    toUInt32(toDate(ts, %(timezone)s)) AS day_number,
    sipHash64(host, path) AS page_key, host, path, token,
    toUInt8(valid) AS carries,
    toUInt8(multiIf(
        evidence = 'model', 2,
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
    toUInt8(transform(fetch_site, ['none', 'cross-site', 'same-site', 'same-origin'],
        [1, 4, 4, 4], 0)) AS fetch_kind,
    toUInt8(if(fetch_kind = 0, 0, fetch_kind + multiIf(
        position(browser, 'Firefox') > 0, 1, position(browser, 'Safari') > 0, 2, 0))) AS fetch
FROM
(
    SELECT
        *,
        evidence IN ('token', 'preview') AND token_state = 'valid' AS valid,
        referrer_host = '' AND utm_source = '' AND utm_medium = '' AND utm_campaign = ''
            AND agent_kind = '' AND click_network = '' AS bare
    FROM
    (
        SELECT
            id, visitor, ts, host, path, channel, evidence, token, token_state,
            referrer_host, utm_source, utm_medium, utm_campaign, browser, device, navigation,
            fetch_site, returning, url_seen
        FROM %(visits)s
        WHERE site = %(site)s AND ts >= %(begin)s AND ts < %(end)s AND channel != 'internal'
    ) AS visit
    GLOBAL ANY LEFT JOIN
    (
        SELECT
            id, visitor, toString(agent_kind) AS agent_kind,
            toString(agent_application) AS agent_application,
            toString(agent_application_kind) AS agent_application_kind,
            toString(referrer_kind) AS referrer_kind,
            toString(referrer_application) AS referrer_application,
            toString(click_network) AS click_network
        FROM hits
        WHERE site = %(site)s AND ts >= %(begin)s AND ts < %(end)s AND kind = 'pageview'
            AND (agent_kind = 'in_app' OR click_network != ''
                OR referrer_kind IN ('messenger', 'email', 'document'))
    ) AS shown USING (id, visitor)
) AS told
