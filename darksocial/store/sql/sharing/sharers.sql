-- Who brought most visits: sharers of a day, and the persons that links were made for.
-- Grain: one sharer. Parameters: outcome (table), first, last, limit. Columns: sharer, label, shares, visits,
-- reshares, conversions. A sharer is named by the first of the own tokens, never by a hash.
SELECT
    if(max(who_label) = '', argMin(token, tuple_of_time), '') AS sharer, max(who_label) AS label,
    countIf(kind != 'link') AS shares, toUInt64(sum(visits)) AS visits,
    toUInt64(sum(reshares)) AS reshares, toUInt64(sum(conversions)) AS conversions
FROM
(
    SELECT
        token, kind, visits, reshares, conversions, toUInt64(at) AS tuple_of_time,
        if(kind = 'link', label, '') AS who_label,
        multiIf(kind = 'link', sipHash64('link', label), visitor = 0, sipHash64('', token),
            sipHash64(toUInt16(day), visitor)) AS who
    FROM %(outcome)s AS outcome
    WHERE (kind != 'link' AND day BETWEEN %(first)s AND %(last)s)
        OR (kind = 'link' AND method = 'person')
) AS single
GROUP BY who
HAVING shares > 0 OR visits > 0
ORDER BY visits DESC, reshares DESC, shares DESC, sharer, label
LIMIT %(limit)s
