-- What untagged visitors of deep pages answered to "how did you get this link?".
-- Grain: one row. Parameters: visits (table), site, begin, end (UTC).
-- Columns: answered, shared.
SELECT count() AS answered, countIf(said = 'shared') AS shared
FROM
(
    SELECT visitor, argMin(CAST(answer AS String), id) AS said
    FROM hits
    WHERE site = %(site)s AND ts >= %(begin)s AND ts < %(end)s AND kind = 'survey' AND answer != ''
    GROUP BY visitor
) AS answers
GLOBAL ANY LEFT JOIN
(
    SELECT visitor, max(asked) AS asked
    FROM
    (
        SELECT visitor, page = 3 AS asked
        FROM
        (
            SELECT visitor, page_key FROM est_arrivals
            WHERE role = 2 OR (visitor, id) IN
                (SELECT visitor, id FROM %(visits)s WHERE site = %(site)s AND evidence = 'survey')
        ) AS untagged
        GLOBAL ANY LEFT JOIN (SELECT page_key, page FROM est_pages) AS landed USING (page_key)
    ) AS landings
    GROUP BY visitor
) AS visited USING (visitor)
WHERE asked = 1
