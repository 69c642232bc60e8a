-- The highest number that a link ever had. Columns: number.
SELECT max(number) AS number FROM links
