-- A visitor's steps, each once however often its hit was recorded: the first time counts.
-- Grain: one visitor on one day. Parameters: mask (see `step`).
CREATE TEMPORARY TABLE single AS
SELECT
    visitor, crosses, shift, until,
    arrayFilter((x, n) -> n = 1, steps,
        arrayEnumerateUniq(arrayMap(x -> bitAnd(x, %(mask)s), steps))) AS steps
FROM gathered
WHERE NOT crosses
