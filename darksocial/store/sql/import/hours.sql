-- Hours that the new hits belong to. Columns: hour (seconds since 1970).
SELECT DISTINCT toUInt32(intDiv(ts, 3600000) * 3600) AS hour FROM keyed
