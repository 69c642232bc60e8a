-- When and on which page each token was made; where the report of the share was lost, its first
-- arrival stands for it.
-- Grain: one token. Parameters: site, begin, end (UTC). Columns: token, own_page, own_hour.
CREATE TEMPORARY TABLE est_tokens AS
SELECT token, argMin(page_key, hour + missing * 1000000) AS own_page,
    toUInt32(min(hour + missing * 1000000) % 1000000) AS own_hour,
    toUInt8(min(missing) = 0) AS reported
FROM
(
    SELECT token, sipHash64(CAST(host AS String), CAST(path AS String)) AS page_key, intDiv(toUInt32(ts), 3600) AS hour,
        0 AS missing
    FROM shares
    WHERE site = %(site)s AND ts >= %(begin)s AND ts < %(end)s
        AND token NOT IN (SELECT token FROM est_hidden)
    UNION ALL
    SELECT token, page_key, hour, 1 AS missing FROM est_arrivals WHERE carries = 1
) AS known
GROUP BY token
