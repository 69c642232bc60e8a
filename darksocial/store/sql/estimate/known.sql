-- When a visitor was first seen, and first on a page; visitors who came once are left out.
-- Grain: one visitor and page. No parameters. Columns: visitor, page_key, first_here, first_at.
CREATE TEMPORARY TABLE est_known AS
SELECT visitor, page_key, first_here, first_at
FROM
(
    SELECT visitor, page_key, min(at) AS first_here
    FROM est_arrivals
    WHERE visitor IN (SELECT visitor FROM est_arrivals GROUP BY visitor HAVING count() > 1)
    GROUP BY visitor, page_key
) AS pages
GLOBAL ANY LEFT JOIN
(
    SELECT visitor, min(at) AS first_at FROM est_arrivals GROUP BY visitor HAVING count() > 1
) AS visits USING (visitor)
