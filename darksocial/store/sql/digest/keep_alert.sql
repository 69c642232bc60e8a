-- An alert. Parameters: site, kind, page, application, hour (UTC), found, expected.
INSERT INTO alerts (site, noticed, kind, page, application, hour, found, expected)
SELECT
    %(site)s, now(), %(kind)s, %(page)s, %(application)s, %(hour)s, toUInt32(%(found)s),
    toFloat64(%(expected)s)
