-- Visits with the probabilities and reasons of their scores; all others as they are.
-- Grain: one visit. Parameters: target and visits (tables).
-- A visit that had a score gets the new one instead.
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
    application_kind, evidence, if(is_scored = 1, toNullable(score), probability) AS p,
    if(is_scored = 1, concat('model: ', extract(reason, '(the token was refused, [a-z_]+)'),
        if(position(reason, 'the token was refused') > 0, '; ', ''), reasons), toString(reason)) AS r,
    reported_channel, token, token_state, parent, method, link_kind, link_label, referrer_host,
    referrer_path, utm_source, utm_medium, utm_campaign, browser, os, device, navigation,
    fetch_site, returning, url_seen, source,
    facts, repeated, interactions, engaged, scroll, conversions, conversion_names,
    conversion_values, conversion_currencies
FROM %(visits)s
GLOBAL ANY LEFT JOIN
(
    SELECT id, visitor, probability AS score, reasons, toUInt8(1) AS is_scored
    FROM
    (
        SELECT id, visitor, cell FROM est_features WHERE role = 2
    ) AS arrival
    GLOBAL ANY LEFT JOIN (SELECT cell, probability, reasons FROM est_scored) AS scored USING (cell)
) AS scores USING (id, visitor)
