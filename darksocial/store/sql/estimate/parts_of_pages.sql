-- Arrivals by what each is to the estimate and the class of their page, as in parts.sql.
-- Grain: one page class, level and probability in percent. Parameters: site, first and last (days).
-- est_classes has the pages' classes.
-- Columns: division (page_class), part (home, section, deep), level, percent, visits, shares.
SELECT
    'page_class' AS division, transform(page, [1, 2, 3], ['home', 'section', 'deep'], '') AS part,
    level, percent, toUInt64(sum(n)) AS visits, sum(chances) AS shares
FROM
(
    SELECT
        sipHash64(CAST(host AS String), CAST(path AS String)) AS page_key,
        multiIf(evidence = 'model', if(isNull(probability), 'unscored', 'rest'), channel != 'dark_social', 'other',
            evidence IN ('token', 'link'), 'certain', 'near_certain') AS level,
        toUInt8(floor(if(evidence = 'model', ifNull(probability, 0.), 0.) * 100)) AS percent,
        count() AS n, sum(if(evidence = 'model', ifNull(probability, 0.), 0.)) AS chances
    FROM visits
    WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s AND channel != 'internal'
    GROUP BY page_key, level, percent
) AS counted
GLOBAL ANY LEFT JOIN (SELECT page_key, page FROM est_classes) AS classed USING (page_key)
GROUP BY part, level, percent
