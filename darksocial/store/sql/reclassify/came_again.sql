-- Arrivals by a token by which the same visitor had come before. Grain: one such arrival.
INSERT INTO beside (visitor, id, repeated)
SELECT visitor, id, toUInt8(1) AS repeated
FROM
(
    SELECT
        visitor,
        arraySort(groupArray(tuple(at, id))) AS ordered
    FROM opened
    GROUP BY visitor, token
    HAVING count() > 1
) AS often
ARRAY JOIN arrayPopFront(arrayMap(x -> tupleElement(x, 2), ordered)) AS id
