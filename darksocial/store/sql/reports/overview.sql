-- What analytics reports and what it was. Grain: one way of coming in, and why a token was refused.
-- Parameters: site, first, last.
-- Columns: reported_channel, channel, evidence, application, application_kind, refused, visits,
-- page_views, example_visits, days and day_visits (arrays).
-- One statement for all that the overview says of visits: days may be published meanwhile.
SELECT
    reported_channel, channel, evidence, application, application_kind, refused,
    toUInt64(sum(n)) AS visits, toUInt64(sum(views)) AS page_views,
    toUInt64(sum(examples)) AS example_visits, groupArray(day) AS days, groupArray(n) AS day_visits
FROM
(
    SELECT
        reported_channel, channel, evidence, application, application_kind, day,
        if(token_state IN ('', 'valid', 'link'), '', toString(token_state)) AS refused,
        count() AS n, sum(pages) AS views, countIf(source = 'example') AS examples
    FROM visits
    WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s
    GROUP BY reported_channel, channel, evidence, application, application_kind, refused, day
) AS daily
GROUP BY reported_channel, channel, evidence, application, application_kind, refused
