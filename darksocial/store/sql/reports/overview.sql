-- What analytics reports and what it was. Grain: one way of coming in.
-- Parameters: site, first, last.
-- Columns: reported_channel, channel, evidence, application, application_kind, visits, page_views,
-- example_visits.
SELECT
    reported_channel, channel, evidence, application, application_kind,
    count() AS visits, toUInt64(sum(pages)) AS page_views,
    countIf(source = 'example') AS example_visits
FROM visits
WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s
GROUP BY reported_channel, channel, evidence, application, application_kind
ORDER BY visits DESC, reported_channel, channel, evidence, application
