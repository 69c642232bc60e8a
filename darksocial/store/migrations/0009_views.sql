-- What dashboards of other programs read: arrivals alone, without the visitor's hash.
CREATE VIEW IF NOT EXISTS bi_visits AS
SELECT
    site, day, ts, toString(id) AS visit, concat(host, path) AS page, pages, seconds,
    channel, application, application_kind, evidence, probability, reason, reported_channel,
    method, link_kind, link_label, concat(referrer_host, referrer_path) AS referrer,
    utm_source, utm_medium, utm_campaign, browser, os, device
FROM visits
WHERE channel != 'internal';

-- Visits a day: one row for each way of coming in.
CREATE VIEW IF NOT EXISTS bi_days AS
SELECT
    site, day, reported_channel, channel, application, application_kind, evidence,
    count() AS visits, sum(pages) AS page_views
FROM visits
WHERE channel != 'internal'
GROUP BY site, day, reported_channel, channel, application, application_kind, evidence;
