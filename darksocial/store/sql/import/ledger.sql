-- The ledger of a site's imports, in the order of its entries. Parameters: site.
-- Columns: those of imports without the site; at in seconds since 1970.
SELECT
    source, number, part, state, toUInt32(at) AS at, name, format, terms, head_bytes, head,
    first_byte, end_byte, tail_bytes, tail, lines, kinds, counts, days, first_ts, last_ts
FROM imports
WHERE site = %(site)s
ORDER BY source, number, part, at
