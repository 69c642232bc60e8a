-- Arrivals by a token by which the same visitor had come before. Grain: one such arrival.
-- Parameters: arrivals (table).
INSERT INTO beside (visitor, id, repeated)
SELECT visitor, id, toUInt8(1) AS repeated
FROM
(
    SELECT
        visitor,
        arraySort(groupArray(tuple(began, id))) AS ordered
    FROM %(arrivals)s
    WHERE token != '' AND arrived = 1 AND token_state IN ('valid', 'link')
    GROUP BY visitor, token
    HAVING count() > 1
) AS often
ARRAY JOIN arrayPopFront(arrayMap(x -> tupleElement(x, 2), ordered)) AS id
