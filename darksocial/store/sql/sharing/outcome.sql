-- Every share and link with what came of it, joined step by step. Grain: one token or code.
-- Parameters: roots (table of pointers that have reached the roots).
CREATE TEMPORARY TABLE sharing_outcome AS
SELECT
    token, kind, method, label, page, day, at, visitor, up, parented, root, generation,
    visits, conversions, converting, fetched, reshares, followed, times,
    multiIf(application != '', application, named_by_preview != '', named_by_preview,
        named_by_visits) AS application
FROM
(
    SELECT * FROM
    (
        SELECT * FROM
        (
            SELECT * FROM
            (
                SELECT * FROM
                (
                    SELECT * FROM sharing_nodes
                    GLOBAL ANY LEFT JOIN (SELECT token, up, depth, parented FROM sharing_edges)
                        AS edge USING (token)
                ) AS a
                GLOBAL ANY LEFT JOIN
                    (SELECT token, up AS root, depth AS generation FROM %(roots)s) AS top
                USING (token)
            ) AS b
            GLOBAL ANY LEFT JOIN (SELECT * FROM sharing_visits) AS came USING (token)
        ) AS c
        GLOBAL ANY LEFT JOIN (SELECT * FROM sharing_previews) AS seen USING (token)
    ) AS d
    GLOBAL ANY LEFT JOIN
    (
        SELECT up AS token, toUInt64(sum(depth)) AS reshares, toUInt8(1) AS followed
        FROM sharing_edges
        WHERE parented = 1
        GROUP BY token
    ) AS children USING (token)
) AS e
GLOBAL ANY LEFT JOIN (SELECT * FROM sharing_applications) AS most USING (token)
