-- How many kept sums have been replaced. Parameters: until (microseconds since 1970). Columns: n.
SELECT toUInt64(sum(notes - 1)) AS n
FROM (SELECT count() AS notes FROM daily_kept WHERE kept < %(until)s GROUP BY site, day) AS counted
