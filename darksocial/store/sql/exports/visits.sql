-- A page of one day's arrivals, in the order of their ids. Grain: one arrival.
-- Parameters: site, day, after (the last id of the page before, 0 for the first), limit,
-- channel and evidence ('' for all).
-- Columns: visit (the id as text), day, ts, page, channel, application, application_kind,
-- evidence, probability, reason, reported_channel, pages, seconds, token, parent, method,
-- link_kind, link_label, referrer, utm_source, utm_medium, utm_campaign, browser, os, device,
-- source. The visitor's hash is left out: what is not handed on cannot be joined.
SELECT
    toString(id) AS visit, day, ts, concat(host, path) AS page,
    channel, application, application_kind, evidence, probability, reason, reported_channel,
    pages, seconds, token, parent, method, link_kind, link_label,
    concat(referrer_host, referrer_path) AS referrer,
    utm_source, utm_medium, utm_campaign, browser, os, device, source
FROM visits
WHERE site = %(site)s AND day = %(day)s AND channel != 'internal' AND id > toUInt64(%(after)s)
    AND (channel = %(channel)s OR %(channel)s = '')
    AND (evidence = %(evidence)s OR %(evidence)s = '')
ORDER BY id
LIMIT %(limit)s
