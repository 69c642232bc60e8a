-- Visits that a fit saw and those that came since, by what decides how they are fitted.
-- Grain: two rows at most. Parameters: site, first and last (days of the fit).
-- Columns: since (0 the fit's own days, 1 later ones), newest (day), days (with visits), tagged,
-- untagged.
SELECT
    toUInt8(day > %(last)s) AS since, max(day) AS newest, toUInt64(uniqExact(day)) AS days,
    countIf(evidence IN ('token', 'preview') AND token_state = 'valid') AS tagged,
    countIf(evidence = 'model') AS untagged
FROM visits
WHERE site = %(site)s AND day >= %(first)s AND channel != 'internal'
GROUP BY since
ORDER BY since
