-- Visits with the probabilities and reasons of their scores; all others as they are.
-- Grain: one visit. Parameters: target and visits (tables).
INSERT INTO %(target)s
(
    site, day, id, ts, visitor, host, path, pages, seconds, channel, application,
    application_kind, evidence, probability, reason, reported_channel, token, token_state,
    parent, method, link_kind, link_label, referrer_host, referrer_path, utm_source, utm_medium,
    utm_campaign, browser, os, device, navigation, fetch_site, returning, url_seen, source
)
SELECT
    site, day, id, ts, visitor, host, path, pages, seconds, channel, application,
    application_kind, evidence, if(is_scored = 1, toNullable(score), probability) AS p,
    if(is_scored = 1, concat(reason, if(reason = 'model', ': ', '; '), reasons), toString(reason)) AS r,
    reported_channel, token, token_state, parent, method, link_kind, link_label, referrer_host,
    referrer_path, utm_source, utm_medium, utm_campaign, browser, os, device, navigation,
    fetch_site, returning, url_seen, source
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
