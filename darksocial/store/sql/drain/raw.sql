-- Sound records of hits, for the enrichment. Grain: one hit.
INSERT INTO raw
SELECT
    r.id, r.ts, r.kind, r.site, r.recorded, r.visitor, r.url, r.referrer, r.user_agent, r.token,
    r.parent, r.method, r.code, r.navigation, r.fetch_site, r.returning, r.url_seen, r.name,
    r.value, r.currency, r.answer, r.network, r.source
FROM records
WHERE trouble = '' AND r.refused = ''
