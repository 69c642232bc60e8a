-- Delete kept sums that newer ones replaced, and those of keepings that died.
-- Parameters: table, until (microseconds since 1970).
ALTER TABLE %(table)s DELETE
WHERE kept < %(until)s
    AND (site, day, kept) NOT IN (SELECT site, day, max(kept) FROM daily_kept GROUP BY site, day)
