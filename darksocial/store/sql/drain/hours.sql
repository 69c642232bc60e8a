-- Hours that the raw hits belong to. Columns: site, hour (seconds since 1970).
SELECT DISTINCT site, toUInt32(intDiv(ts, 3600000) * 3600) AS hour FROM raw
