-- Sound records of hits, for the enrichment. Grain: one hit.
-- Parameters: earliest, latest, now (milliseconds since 1970).
-- Expiry counts from `recorded`, so that one may not be wrong; a parent is a token or nothing.
INSERT INTO raw
SELECT
    r.id, r.ts, r.kind, r.site,
    if(r.recorded BETWEEN %(earliest)s AND %(latest)s, r.recorded, %(now)s) AS recorded,
    r.visitor, r.url, r.referrer, r.user_agent, r.hints, r.token,
    if(match(r.parent, '^[0-9A-Za-z]{1,32}$'), r.parent, '') AS parent,
    r.method, r.code, r.navigation, r.fetch_site, r.returning, r.url_seen, r.name, r.value,
    r.currency, r.answer, r.network, r.source
FROM records
WHERE trouble = '' AND r.refused = ''
