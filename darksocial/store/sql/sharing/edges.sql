-- Who passed on whose link. Grain: one node. Columns: token, up (the parent, or the node itself
-- where it has none), depth (1, or 0 where it has none or the same visitor made both), parented.
-- A parent counts where the site knows it and it is older; so nothing that is said of parents can
-- lead in a circle. A visitor who passes on the own link again begins no generation.
CREATE TEMPORARY TABLE sharing_edges AS
SELECT
    token,
    if(older, parent, token) AS up,
    toUInt64(older AND NOT (visitor != 0 AND visitor = parent_visitor)) AS depth,
    older AS parented
FROM
(
    SELECT
        token, parent, visitor, parent_visitor,
        toUInt8(parent != '' AND parent_known = 1 AND parent != token
            AND (parent_at < at OR (parent_at = at AND parent_id < id))) AS older
    FROM (SELECT token, parent, at, id, visitor FROM sharing_nodes) AS node
    GLOBAL ANY LEFT JOIN
    (
        SELECT token AS parent, at AS parent_at, id AS parent_id, visitor AS parent_visitor,
            toUInt8(1) AS parent_known
        FROM sharing_nodes
    ) AS above USING (parent)
) AS told
