-- An alert on figures of networks. Parameters: site, page, network, begins, day, mood, figure,
-- found, expected, likes, comments, shares.
INSERT INTO public_alerts
    (site, noticed, page, network, begins, day, mood, figure, found, expected, likes, comments, shares)
SELECT
    %(site)s, now(), %(page)s, %(network)s, %(begins)s, %(day)s, %(mood)s, %(figure)s,
    toUInt64(%(found)s), toFloat64(%(expected)s), toUInt64(%(likes)s), toUInt64(%(comments)s),
    toUInt64(%(shares)s)
