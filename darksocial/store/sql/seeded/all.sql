-- Shares that the owner planted to see whether their tokens survive; the newest figures of a day,
-- channel and device count.
-- Grain: one day, channel and device. Parameters: site, first, last (days).
-- Columns: day, channel, device, shared, seen.
SELECT day, channel, device, argMax(planted, version) AS shared, argMax(came, version) AS seen
FROM
(
    SELECT day, channel, device, version, shared AS planted, seen AS came
    FROM seeded_shares
    WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s
) AS every
GROUP BY day, channel, device
ORDER BY day, channel, device
