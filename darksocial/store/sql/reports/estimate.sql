-- Visits left to the model, and how many of them the scores call shares. Grain: one day and device.
-- Parameters: site, first, last. Columns: day, device, visits, scored, shares.
SELECT
    day, device, count() AS visits, countIf(isNotNull(probability)) AS scored,
    sum(ifNull(probability, 0.)) AS shares
FROM visits
WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s AND evidence = 'model'
GROUP BY day, device
ORDER BY day, device
