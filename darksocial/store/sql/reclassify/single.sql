-- A visitor's steps, each once however often its hit was recorded: the first time counts.
-- Grain: one visitor. No parameters.
CREATE TEMPORARY TABLE single AS
SELECT
    visitor,
    arrayFilter((x, n) -> n = 1, steps,
        arrayEnumerateUniq(arrayMap(x -> bitAnd(x, 17592186044415), steps))) AS steps
FROM gathered
