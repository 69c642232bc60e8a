-- Kept trees that newer ones replaced a while ago. Parameters: until (microseconds since 1970).
-- Columns: site, number.
SELECT DISTINCT site, number FROM kept_trees
WHERE number < %(until)s
    AND (site, number) NOT IN (SELECT site, max(number) FROM trees_kept GROUP BY site)
