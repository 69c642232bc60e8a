-- One pass towards the roots: every pointer is followed by that of the node it points at, so
-- their reach doubles. Grain: one node. Parameters: before and after (tables).
-- Columns: token, up, depth (generations between), moved.
CREATE TEMPORARY TABLE %(after)s AS
SELECT token, further AS up, depth + more AS depth, toUInt8(further != near) AS moved
FROM (SELECT token, up AS near, depth FROM %(before)s) AS pointer
GLOBAL ANY LEFT JOIN (SELECT token AS near, up AS further, depth AS more FROM %(before)s) AS above
USING (near)
