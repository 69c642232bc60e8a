-- Visits of links passed on whose channel shows without the token, by what they look like.
-- Grain: one channel, device, page class, kind of visitor and time of day. No parameters.
-- Columns: channel, device, page, visitor_kind, clock (codes as in features.sql), tagged, bare.
SELECT
    unit AS channel, device, page, visitor_kind, clock,
    toUInt64(sum(carries)) AS tagged, toUInt64(sum(1 - carries)) AS bare
FROM est_arrivals
GLOBAL ANY LEFT JOIN (SELECT page_key, page FROM est_pages) AS landed USING (page_key)
WHERE unit != ''
GROUP BY unit, device, page, visitor_kind, clock
