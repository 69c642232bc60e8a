-- What there is to be done beyond the ordinary: steps that were recorded more than once, visitors on
-- several days, acts beside page views, and previews of any link of the site; and which engine will
-- do it. Parameters: site. Columns: repeats, crossing, acts, previews, engine (its main version).
SELECT
    toUInt64(sum(repeats)) AS repeats, toUInt64(sum(crosses)) AS crossing,
    toUInt64(sum(acts)) AS acts,
    (SELECT count() FROM previews WHERE site = %(site)s) AS previews,
    toUInt32OrZero(splitByChar('.', version())[1]) AS engine
FROM gathered
