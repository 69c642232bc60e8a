-- The day's visits: channel, application and reason that follow from the evidence.
-- Grain: one run of hits. Parameters: target (table), site, timezone, first and last (days).
-- Other rules of a time zone in the engine move no visit out of the span. A visit left to the
-- model stays direct and has no probability until a fit gives it one.
INSERT INTO %(target)s
(
    site, day, id, ts, visitor, host, path, pages, seconds, channel, application,
    application_kind, evidence, probability, reason, reported_channel, token, token_state, parent,
    method, link_kind, link_label, referrer_host, referrer_path, utm_source, utm_medium, utm_campaign,
    browser, os, device, navigation, fetch_site, returning, url_seen, source
)
SELECT
    %(site)s AS site, least(greatest(toDate(ts, %(timezone)s), %(first)s), %(last)s),
    id, ts, visitor, host, path, pages, seconds, channel,
    if(channel IN ('dark_social', 'social', 'ai', 'search'), named, '') AS application,
    if(channel = 'dark_social', if(named_kind = '', 'unknown', named_kind), '') AS application_kind,
    evidence,
    if(evidence = 'model', NULL, toFloat64(channel = 'dark_social')) AS probability,
    if(value = '', evidence, concat(evidence, ': ', value)) AS reason,
    if(arrived, toString(reported_channel), '') AS reported_channel,
    token, token_state, shared_parent, passed_on_by, link_kind, link_label,
    referrer_host, referrer_path, utm_source, utm_medium, utm_campaign, browser, os, device,
    navigation, fetch_site, returning, url_seen, source
FROM
(
    SELECT
        *,
        transform(decided_by,
            ['', 'own_share', 'model', 'campaign', 'newsletter', 'qr', 'ad', 'social', 'search',
            'ai', 'referral'],
            ['internal', 'direct', 'direct', 'campaign', 'campaign', 'campaign', 'campaign',
            'social', 'search', 'ai', 'referral'],
            'dark_social') AS channel
    FROM
    (
        -- The word that decides about the channel, and the value that stands beside the evidence.
        SELECT
            *,
            multiIf(
                evidence IN ('referrer', 'android_app'), toString(referrer_kind),
                evidence = 'in_app', if(agent_application_kind = '', 'unknown',
                    toString(agent_application_kind)),
                evidence = 'click_id', if(click_kind = 'email', 'newsletter', toString(click_kind)),
                evidence = 'link', link_kind,
                evidence = 'token' AND passed_on_by = 'share_link' AND shared_application IN ('X',
                    'LinkedIn', 'Facebook', 'Reddit', 'Pinterest', 'Tumblr', 'XING'), 'social',
                evidence) AS decided_by,
            multiIf(
                evidence IN ('referrer', 'android_app'), toString(referrer_host),
                evidence = 'in_app', toString(agent_application),
                evidence = 'click_id', toString(click_network),
                evidence = 'link', link_label,
                evidence = 'token', passed_on_by,
                evidence = 'campaign', toString(utm_source),
                evidence = 'model' AND token_state NOT IN ('', 'link'),
                    concat('the token was refused, ', toString(token_state)),
                '') AS value,
            multiIf(
                referrer_application != '', toString(referrer_application),
                agent_application != '', toString(agent_application),
                shared_application != '', shared_application,
                toString(click_network)) AS named,
            multiIf(
                referrer_kind IN ('messenger', 'email', 'document'), toString(referrer_kind),
                agent_application_kind IN ('messenger', 'email', 'document', 'app'),
                    toString(agent_application_kind),
                '') AS named_kind
        FROM weighed
    ) AS told
) AS decided
