-- One entry of the ledger of imports. Parameters: the columns.
INSERT INTO imports
(
    site, source, number, part, state, at, name, format, terms, head_bytes, head,
    first_byte, end_byte, tail_bytes, tail, lines, kinds, counts, days, first_ts, last_ts
)
SELECT
    %(site)s, %(source)s, toUInt64(%(number)s), toUInt32(%(part)s), %(state)s,
    toDateTime(%(at)s, 'UTC'), %(name)s, %(format)s, %(terms)s, toUInt64(%(head_bytes)s), %(head)s,
    toUInt64(%(first_byte)s), toUInt64(%(end_byte)s), toUInt64(%(tail_bytes)s), %(tail)s,
    toUInt64(%(lines)s), %(kinds)s, %(counts)s, %(days)s, toUInt32(%(first_ts)s),
    toUInt32(%(last_ts)s)
