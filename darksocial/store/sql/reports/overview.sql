-- What analytics reports and what it was. Grain: one way of coming in, and why a token was refused.
-- Parameters: ways (the statement daily/ways).
-- Columns: reported_channel, channel, evidence, application, application_kind, refused, visits,
-- page_views, example_visits, days and day_visits (arrays).
-- One statement for all that the overview says of visits: days may be published meanwhile.
SELECT
    reported_channel, channel, evidence, application, application_kind, refused,
    toUInt64(sum(came)) AS visits, toUInt64(sum(seen)) AS page_views,
    toUInt64(sum(shown)) AS example_visits, groupArray(day) AS days,
    groupArray(came) AS day_visits
FROM
(
    SELECT
        reported_channel, channel, evidence, application, application_kind, refused, day,
        sum(n) AS came, sum(views) AS seen, sum(examples) AS shown
    FROM (%(ways)s) AS ways
    GROUP BY reported_channel, channel, evidence, application, application_kind, refused, day
) AS daily
GROUP BY reported_channel, channel, evidence, application, application_kind, refused
