-- How shares of a range of days led to further ones. Parameters: outcome (table), first, last.
-- Columns: shares, reshares, squares (the sum of each share's reshares squared).
SELECT count() AS shares, toUInt64(sum(led_to)) AS reshares,
    toUInt64(sum(led_to * led_to)) AS squares
FROM (SELECT kind, day, reshares AS led_to FROM %(outcome)s AS outcome) AS share
WHERE kind != 'link' AND day BETWEEN %(first)s AND %(last)s
