-- The hit ids of the page requests: seconds since 1970 (33 bits) and 30 bits of a hash over
-- source, line and ordinal, which counts the identical lines in front of it in the file.
-- Grain: one page request. Parameters: source, seen (table); first and last time of the requests
-- (seconds since 1970). Which of identical lines has which ordinal does not matter.
CREATE TEMPORARY TABLE import_ids ENGINE = Memory AS
SELECT
    number, bitOr(bitShiftLeft(toUInt64(ts), 30), bitAnd(
        sipHash64(%(source)s, line_hash, toUInt64(earlier + ordinal - 1)), 0x3FFFFFFF)) AS id
FROM
(
    SELECT number, ts, line_hash, ordinal
    FROM
    (
        SELECT
            groupArray(number) AS numbers, groupArray(toUInt32(ts)) AS times,
            groupArray(line_hash) AS hashes
        FROM import_lines
        WHERE verdict = 'page' AND number NOT IN (SELECT number FROM import_declined)
    ) AS all
    ARRAY JOIN
        numbers AS number, times AS ts, hashes AS line_hash, arrayEnumerateUniq(hashes) AS ordinal
) AS request
ANY LEFT JOIN
(
    SELECT line_hash, sum(n) AS earlier FROM %(seen)s
    WHERE ts BETWEEN %(first)s AND %(last)s
    GROUP BY line_hash
) AS seen USING (line_hash)
LIMIT 1 BY id
