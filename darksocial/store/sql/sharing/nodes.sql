-- What can be passed on: shares, tokens whose share report was lost, and managed links.
-- Grain: one token or code. Parameters: site, timezone, tokens (the statement daily/tokens).
-- A token that was reported more than once is that of the report that was recorded first; one
-- whose report was lost is as old as the first visit by it; a link is older than all shares.
CREATE TEMPORARY TABLE sharing_nodes AS
SELECT
    token, parent, toUInt32(ts) AS at, id, visitor, 'share' AS kind, toString(method) AS method,
    toString(application) AS application, '' AS label,
    concat(toString(host), toString(path)) AS page, toDate(ts, %(timezone)s) AS day
FROM
(
    SELECT token, parent, ts, id, visitor, method, application, host, path
    FROM shares
    WHERE site = %(site)s AND token NOT IN (SELECT code FROM links WHERE site = %(site)s)
    ORDER BY recorded, ts, id
    LIMIT 1 BY token
) AS reported
UNION ALL
SELECT
    token, '' AS parent, toUInt32(min(first_at)) AS at, min(first_id) AS id,
    toUInt64(0) AS visitor, 'lost' AS kind, any(way) AS method, '' AS application, '' AS label,
    any(landing) AS page, min(first_day) AS day
FROM
(
    SELECT token, first_at, first_id, method AS way, page AS landing, day AS first_day
    FROM (%(tokens)s) AS tokens
    WHERE state = 'valid' AND token NOT IN (SELECT token FROM shares WHERE site = %(site)s)
) AS unreported
GROUP BY token
UNION ALL
SELECT
    code AS token, '' AS parent, toUInt32(0) AS at, toUInt64(0) AS id, toUInt64(0) AS visitor,
    'link' AS kind, argMax(made_for, version) AS method, '' AS application,
    argMax(name, version) AS label, argMax(destination, version) AS page,
    toDate(intDiv(min(version), 1000000000), %(timezone)s) AS day
FROM
(
    SELECT code, kind AS made_for, label AS name, destination, version
    FROM links WHERE site = %(site)s
) AS managed
GROUP BY code
