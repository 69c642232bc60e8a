-- Visits to pages, day by day, that people passed on in private, and from networks in public.
-- Parameters: pages (the statement daily/pages), wanted (array of pages).
-- Columns: page, day, dark, public.
SELECT page, day, toUInt64(sum(came)) AS dark, toUInt64(sum(posted)) AS public
FROM
(
    SELECT page, day, dark AS came, public AS posted
    FROM (%(pages)s) AS pages
    WHERE has(%(wanted)s, page)
) AS visited
GROUP BY page, day
