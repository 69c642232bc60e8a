-- A published day's visits without their scores, to be scored anew.
-- Grain: one visit. Parameters: target (table), site, day.
INSERT INTO %(target)s
(
    site, day, id, ts, visitor, host, path, pages, seconds, channel, application,
    application_kind, evidence, probability, reason, reported_channel, token, token_state,
    parent, method, link_kind, link_label, referrer_host, referrer_path, utm_source, utm_medium,
    utm_campaign, browser, os, device, navigation, fetch_site, returning, url_seen, source,
    facts, repeated, interactions, engaged, scroll, conversions, conversion_names,
    conversion_values, conversion_currencies
)
SELECT
    site, day, id, ts, visitor, host, path, pages, seconds, channel, application,
    application_kind, evidence, if(evidence = 'model', NULL, probability) AS p,
    if(evidence = 'model' AND isNotNull(probability), concat('model',
        if(position(reason, 'the token was refused') > 0, ': ', ''),
        extract(reason, '(the token was refused, [a-z_]+)')), toString(reason)) AS r,
    reported_channel, token, token_state,
    parent, method, link_kind, link_label, referrer_host, referrer_path, utm_source, utm_medium,
    utm_campaign, browser, os, device, navigation, fetch_site, returning, url_seen, source,
    facts, repeated, interactions, engaged, scroll, conversions, conversion_names,
    conversion_values, conversion_currencies
FROM visits
WHERE site = %(site)s AND day = %(day)s
