-- The day's visits: channel, application and reason that follow from the evidence.
-- Grain: one run of hits. Parameters: target (table), told (a statement), site, day (an expression),
-- few (a function: to a column of few distinct texts, where the engine has that),
-- evidences, channels and kinds (texts, by their numbers from 0 on) with numbers (0, 1, 2 ...), and
-- single ones of them (`channel_` and its name, `rule_` and its name).
-- A visit left to the
-- model stays direct and has no probability until a fit gives it one. What is not known (an empty
-- name after a colon) is left out of the reason.
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
    %(site)s AS site, %(day)s AS day,
    id, ts, visitor, host, path, pages, seconds,
    transform(%(few)s(channel_number), %(numbers)s, %(channels)s, '') AS channel,
    application,
    transform(%(few)s(kind_number), %(numbers)s, %(kinds)s, '') AS application_kind,
    transform(%(few)s(rule), %(numbers)s, %(evidences)s, '') AS evidence,
    if(rule = %(rule_model)s, NULL, toFloat64(channel_number = %(channel_dark_social)s)) AS probability,
    replaceRegexpOne(%(few)s(reason_given), ': (;|$)', '\\1') AS reason,
    if(arrived, reported_channel, '') AS reported_channel,
    token, token_state, shared_parent, passed_on_by, link_kind, link_label,
    referrer_host, referrer_path, utm_source, utm_medium, utm_campaign, browser, os, device,
    navigation, fetch_site, returning, url_seen, source, facts, repeated,
    interactions, engaged, scroll, conversions, conversion_names, conversion_values,
    conversion_currencies
FROM
(
    %(told)s
) AS all_told
