-- What the tracker refused, by reason and hour.
-- Columns: site, hour (seconds since 1970), reason, segment, n.
SELECT
    r.site AS site, toUInt32(toStartOfHour(toDateTime(intDiv(r.recorded, 1000), 'UTC'))) AS hour,
    r.refused AS reason, segment, sum(greatest(r.n, 1)) AS n
FROM records
WHERE trouble = '' AND r.refused != ''
GROUP BY site, hour, reason, segment
