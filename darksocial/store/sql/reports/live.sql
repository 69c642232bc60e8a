-- Visits of the last minutes. Grain: landing page, channel, application and step of time.
-- Parameters: site, first (day of the first moment), since (seconds since 1970), step (seconds),
-- active (seconds since 1970: a visit that went on until then counts as going on).
-- Columns: page, channel, application, place (number of the step), visits, going_on,
-- examples (visits that are example data).
SELECT
    concat(host, path) AS page, channel, application,
    toUInt32(intDiv(toUInt32(ts) - toUInt32(%(since)s), %(step)s)) AS place,
    count() AS visits, countIf(toUInt32(ts) + seconds >= %(active)s) AS going_on,
    countIf(source = 'example') AS examples
FROM visits
WHERE site = %(site)s AND day >= %(first)s AND channel != 'internal'
    AND toUInt32(ts) >= %(since)s
GROUP BY page, channel, application, place
