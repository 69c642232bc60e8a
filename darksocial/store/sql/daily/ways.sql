-- Visits by their way of coming in. Grain: a day and a way. Parameters: site, days (condition).
-- Columns: day, reported_channel, channel, evidence, application, application_kind, refused (why
-- a token was), device, source (utm_source of campaigns in networks), and of their visits: n, views,
-- examples, measured (of which engagement is known), engaged, scrolled, acted (interactions), made
-- (conversions).
SELECT
    day, toString(reported_as) AS reported_channel, toString(came_by) AS channel,
    toString(known_by) AS evidence, toString(app) AS application,
    toString(app_kind) AS application_kind, toString(why) AS refused, toString(on) AS device,
    toString(from_source) AS source, n, views, examples, measured, engaged, scrolled, acted, made
FROM
(
    SELECT
        day, reported_channel AS reported_as, channel AS came_by, evidence AS known_by,
        application AS app, application_kind AS app_kind,
        if(token_state IN ('', 'valid', 'link'), '', toString(token_state)) AS why, device AS on,
        if(channel = 'campaign' AND reported_channel IN ('Organic Social', 'Paid Social'),
            toString(utm_source), '') AS from_source,
        toUInt64(count()) AS n, toUInt64(sum(pages)) AS views,
        toUInt64(countIf(source = 'example')) AS examples,
        toUInt64(countIf(engaged_for > 0 OR depth > 0)) AS measured,
        toUInt64(sum(engaged_for)) AS engaged, toUInt64(sum(depth)) AS scrolled,
        toUInt64(sum(interactions)) AS acted, toUInt64(sum(conversions)) AS made
    FROM
    (
        SELECT
            day, reported_channel, channel, evidence, application, application_kind, token_state,
            device, utm_source, pages, source, engaged AS engaged_for, scroll AS depth,
            interactions, conversions
        FROM visits
        WHERE site = %(site)s AND %(days)s
    ) AS single
    GROUP BY day, reported_as, came_by, known_by, app, app_kind, why, on, from_source
) AS summed
