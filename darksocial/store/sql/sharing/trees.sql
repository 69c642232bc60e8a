-- The largest share trees that began in a range of days. Grain: one tree.
-- Parameters: outcome (table), first, last, limit. Columns: root, kind, label, method, application,
-- page, began (seconds since 1970), shares, generations, visits, conversions.
-- Most trees are a single share, so these are not grouped; the words are read of the largest alone.
SELECT
    root, kind, label, method, application, page, began, shares, generations,
    came AS visits, earned AS conversions
FROM
(
    SELECT token AS root, kind, label, method, application, page, at AS began
    FROM %(outcome)s AS outcome WHERE parented = 0
) AS beginning
GLOBAL ALL INNER JOIN
(
    SELECT root, shares, generations, came, earned
    FROM
    (
        SELECT
            root, countIf(kind != 'link') AS shares, toUInt64(max(generation)) AS generations,
            toUInt64(sum(visits)) AS came, toUInt64(sum(conversions)) AS earned,
            max(parented = 0 AND (kind = 'link' OR day BETWEEN %(first)s AND %(last)s)) AS wanted
        FROM %(outcome)s AS outcome
        WHERE parented = 1 OR followed = 1
        GROUP BY root
        HAVING wanted
        UNION ALL
        SELECT
            token AS root, toUInt64(kind != 'link') AS shares, toUInt64(0) AS generations,
            visits AS came, conversions AS earned, toUInt8(1) AS wanted
        FROM %(outcome)s AS outcome
        WHERE parented = 0 AND followed = 0 AND (kind != 'link' OR visits > 0)
            AND (kind = 'link' OR day BETWEEN %(first)s AND %(last)s)
    ) AS counted
    ORDER BY shares DESC, came DESC, root
    LIMIT %(limit)s
) AS largest USING (root)
ORDER BY shares DESC, visits DESC, root
