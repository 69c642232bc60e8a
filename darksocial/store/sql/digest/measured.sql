-- The days of a range that have visits which were published. Grain: one day, in their order.
-- Parameters: site, first, last. Columns: day.
SELECT DISTINCT day FROM days WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s
ORDER BY day
