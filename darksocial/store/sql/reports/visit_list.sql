-- Single visits, the newest first. Grain: one arrival. Parameters: site, first, last (days), before
-- (an id, or 0 for the newest), limit, and '' for all or a value of: evidence, token.
-- Columns: id (as text), ts, page, channel, application, evidence, reason, probability,
-- reported_channel, pages, seconds, device, browser, os, referrer, token.
-- The ids are looked for first: so the wide columns are read for the page alone.
SELECT
    toString(id) AS id, ts, concat(host, path) AS page, channel, application, evidence, reason,
    probability, reported_channel, pages, seconds, device, browser, os,
    concat(referrer_host, referrer_path) AS referrer, token
FROM visits
WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s AND id IN
(
    SELECT id
    FROM visits
    WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s AND channel != 'internal'
        AND (id < toUInt64(%(before)s) OR %(before)s = 0)
        AND (evidence = %(evidence)s OR %(evidence)s = '')
        AND (token = %(token)s OR %(token)s = '')
    ORDER BY id DESC
    LIMIT %(limit)s
)
ORDER BY toUInt64(id) DESC
