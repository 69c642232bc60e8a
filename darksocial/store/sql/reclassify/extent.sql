-- What there is to be done beyond the ordinary: steps that were recorded more than once, acts beside
-- page views, and previews of any link of the site. Parameters: site. Columns: repeats, acts, previews.
SELECT
    toUInt64(sum(repeats)) AS repeats, toUInt64(sum(acts)) AS acts,
    (SELECT count() FROM previews WHERE site = %(site)s) AS previews
FROM gathered
