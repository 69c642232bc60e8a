-- The day's visits: channel, application and reason that follow from the evidence.
-- Grain: one run of hits. Parameters: target (table), told (a statement), site, timezone, first and last (days).
-- Other rules of a time zone in the engine move no visit out of the span. A visit left to the
-- model stays direct and has no probability until a fit gives it one.
INSERT INTO %(target)s
(
    site, day, id, ts, visitor, host, path, pages, seconds, channel, application,
    application_kind, evidence, probability, reason, reported_channel, token, token_state, parent,
    method, link_kind, link_label, referrer_host, referrer_path, utm_source, utm_medium, utm_campaign,
    browser, os, device, navigation, fetch_site, returning, url_seen, source, facts, repeated,
    interactions, engaged, scroll, conversions, conversion_names, conversion_values,
    conversion_currencies
)
SELECT
    %(site)s AS site, least(greatest(toDate(ts, %(timezone)s), %(first)s), %(last)s),
    id, ts, visitor, host, path, pages, seconds, channel,
    if(channel IN ('dark_social', 'social', 'ai', 'search'), named, '') AS application,
    if(channel = 'dark_social', if(named_kind = '', 'unknown', named_kind), '') AS application_kind,
    evidence,
    if(evidence = 'model', NULL, toFloat64(channel = 'dark_social')) AS probability,
    concat(evidence, if(value = '', '', ': '), value,
        multiIf(evidence = 'preview', concat('; token: ', passed_on_by),
            evidence = 'link' AND seen_in != '', concat('; preview: ', seen_in), '')) AS reason,
    if(arrived, toString(reported_channel), '') AS reported_channel,
    token, token_state, shared_parent, passed_on_by, link_kind, link_label,
    referrer_host, referrer_path, utm_source, utm_medium, utm_campaign, browser, os, device,
    navigation, fetch_site, returning, url_seen, source, facts, repeated,
    interactions, engaged, scroll, conversions, conversion_names, conversion_values,
    conversion_currencies
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
        %(told)s
    ) AS all_told
) AS decided
