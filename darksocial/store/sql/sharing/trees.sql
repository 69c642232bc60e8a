-- The largest share trees that began in a range of days. Grain: one tree. Parameters: first, last,
-- limit. Columns: root, kind, label, method, application, page, began (seconds since 1970), shares,
-- generations, visits, conversions.
SELECT
    root, any(root_kind) AS kind, any(root_label) AS label, any(root_method) AS method,
    any(root_application) AS application, any(root_page) AS page, any(root_at) AS began,
    countIf(kind_of_node != 'link') AS shares, toUInt64(max(generation)) AS generations,
    toUInt64(sum(visits)) AS visits, toUInt64(sum(conversions)) AS conversions
FROM
(
    SELECT root, kind AS kind_of_node, generation, visits, conversions FROM sharing_outcome
) AS node
GLOBAL ANY LEFT JOIN
(
    SELECT token AS root, kind AS root_kind, label AS root_label, method AS root_method,
        application AS root_application, page AS root_page, at AS root_at, day AS root_day
    FROM sharing_outcome
) AS top USING (root)
WHERE root_kind = 'link' OR root_day BETWEEN %(first)s AND %(last)s
GROUP BY root
HAVING shares > 0 OR visits > 0
ORDER BY shares DESC, visits DESC, root
LIMIT %(limit)s
