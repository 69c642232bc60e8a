-- Arrivals by a token by which the same visitor had come before, on the same day. Grain: one such
-- arrival. Parameters: arrivals (table), nth_of_began (an expression: the day on which `began` is).
INSERT INTO beside (visitor, step, repeated)
SELECT visitor, step, toUInt8(1) AS repeated
FROM
(
    SELECT
        visitor,
        %(nth_of_began)s AS nth, arraySort(groupArray(tuple(began, id, step))) AS ordered
    FROM %(arrivals)s
    WHERE token != '' AND arrived = 1 AND token_state IN ('valid', 'link')
    GROUP BY nth, visitor, token
    HAVING count() > 1
) AS often
ARRAY JOIN arrayPopFront(arrayMap(x -> tupleElement(x, 3), ordered)) AS step
