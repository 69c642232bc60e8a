-- The alerts on figures of networks, the newest first.
-- Parameters: site, since (day), noticed (UTC: noticed then or later).
-- Columns: page, network, begins, day, mood, figure, found, expected, likes, comments, shares.
SELECT DISTINCT
    page, network, begins, day, mood, figure, found, expected, likes, comments, shares
FROM public_alerts
WHERE site = %(site)s AND day >= %(since)s AND noticed >= %(noticed)s
ORDER BY day DESC, found DESC, page, network, mood
