-- Rows of a frame as raw hits: the frame's own order becomes the low bits of the id.
-- Grain: one row. Parameters: site.
INSERT INTO raw
SELECT
    bitOr(bitShiftLeft(toUInt64(intDiv(ts, 1000)), 30), toUInt64(row)) AS id,
    ts, kind, %(site)s AS site, ts AS recorded,
    if(visitor = '', toUInt64(0), greatest(sipHash64(visitor), 1)) AS visitor,
    url, referrer, user_agent, hints, token, parent, method, '' AS code, navigation, fetch_site,
    returning, url_seen, name, value, '' AS currency, answer, '' AS network, '' AS source
FROM frame
