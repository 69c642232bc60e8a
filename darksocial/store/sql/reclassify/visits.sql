-- The day's visits: channel, application and reason that follow from the evidence.
-- Grain: one segment. Parameters: target (table), site, timezone.
-- A visit left to the model stays direct and has no probability until a fit gives it one.
INSERT INTO %(target)s
(
    site, day, id, ts, visitor, host, path, pages, seconds, channel, application,
    application_kind, evidence, probability, reason, reported_channel, token, parent, method,
    link_kind, link_label, referrer_host, referrer_path, utm_source, utm_medium, utm_campaign,
    browser, os, device, navigation, fetch_site, returning, url_seen, source
)
SELECT
    %(site)s AS site, toDate(ts, %(timezone)s), id, ts, visitor, host, path, pages, seconds, channel,
    if(channel IN ('dark_social', 'social', 'ai', 'search'), named, '') AS application,
    multiIf(channel != 'dark_social', '', kind != '', kind, 'unknown') AS application_kind,
    evidence,
    if(evidence = 'model', NULL, toFloat64(channel = 'dark_social')) AS probability,
    if(detail = '', evidence, concat(evidence, ': ', detail)) AS reason,
    if(arrived, reported_channel, '') AS reported_channel,
    token, shared_parent, passed_on_by, link_kind, link_label, referrer_host, referrer_path,
    utm_source, utm_medium, utm_campaign, browser, os, device, navigation, fetch_site,
    returning, url_seen, source
FROM
(
    SELECT
        *,
        multiIf(
            evidence = '', 'internal',
            evidence = 'own_share', 'direct',
            evidence = 'link', if(link_kind = 'person', 'dark_social', 'campaign'),
            evidence = 'token', if(passed_on_by = 'share_link' AND shared_application IN
                ('X', 'LinkedIn', 'Facebook', 'Reddit', 'Pinterest', 'Tumblr', 'XING'),
                'social', 'dark_social'),
            evidence = 'campaign', 'campaign',
            evidence IN ('referrer', 'android_app'), transform(referrer_kind,
                ['messenger', 'email', 'app', 'document', 'social', 'search', 'ai'],
                ['dark_social', 'dark_social', 'dark_social', 'dark_social', 'social',
                'search', 'ai'], 'referral'),
            evidence = 'in_app', transform(agent_application_kind,
                ['messenger', 'email', 'app', 'document', 'search', 'ai'],
                ['dark_social', 'dark_social', 'dark_social', 'dark_social', 'search', 'ai'],
                'social'),
            evidence = 'click_id', if(click_kind = 'social', 'social', 'campaign'),
            'direct') AS channel,
        multiIf(referrer_application != '', referrer_application,
            agent_application != '', agent_application,
            shared_application != '', shared_application,
            click_network) AS named,
        multiIf(
            referrer_kind IN ('messenger', 'email', 'document'), referrer_kind,
            agent_application_kind IN ('messenger', 'email', 'document', 'app'),
                agent_application_kind,
            '') AS kind,
        multiIf(
            evidence = 'token', concat('the link was passed on by ', passed_on_by),
            evidence = 'own_share', 'the sharer opened the own link',
            evidence = 'link', concat(link_kind, ' ', link_label),
            evidence = 'campaign', concat(utm_source, ' / ', utm_medium),
            evidence IN ('referrer', 'android_app'), referrer_host,
            evidence = 'in_app', agent_application,
            evidence = 'click_id', click_network,
            evidence = 'model', 'no token, referrer, campaign or application is known',
            '') AS detail
    FROM weighed
) AS decided
