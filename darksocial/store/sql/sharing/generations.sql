-- Shares by their generation: 0 was passed on by somebody who did not come by a share.
-- Parameters: outcome (table), first, last. Columns: generation, shares, visits.
SELECT generation, count() AS shares, toUInt64(sum(visits)) AS visits
FROM %(outcome)s AS outcome
WHERE kind != 'link' AND day BETWEEN %(first)s AND %(last)s
GROUP BY generation
ORDER BY generation
