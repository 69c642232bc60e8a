-- Visits of links passed on whose channel shows without the token: how many carried one.
-- Grain: one channel, device and group. Parameters: groups. Columns: unit, device, grp, tagged, bare.
SELECT
    unit, device, toUInt8(sipHash64(page_key) % %(groups)s) AS grp,
    toUInt64(sum(carries)) AS tagged, toUInt64(sum(1 - carries)) AS bare
FROM est_arrivals
WHERE unit != ''
GROUP BY unit, device, grp
