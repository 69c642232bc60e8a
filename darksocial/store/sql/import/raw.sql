-- New page requests, as a view for the enrichment. Grain: one hit. Parameters: site, recorded
-- (milliseconds since 1970), source, fetch_sites (the words that browsers know for Sec-Fetch-Site),
-- package and longest_package (a pattern, and characters: an application in X-Requested-With).
-- The visitor is a keyed hash over the whole address, which goes no further; the key is the only
-- row of import_salt.
CREATE TEMPORARY VIEW raw AS
SELECT
    id, toInt64(line.ts) * 1000 AS ts, 'pageview' AS kind, %(site)s AS site,
    toInt64(%(recorded)s) AS recorded,
    greatest(sipHash64Keyed((SELECT (low, high) FROM import_salt),
        concat(toString(client), '\0', agent, '\0', %(site)s)), 1) AS visitor,
    concat('https://', if(host = '', %(site)s, toString(host)), replaceAll(target, ' ', '%20')) AS url,
    if(referrer = '-', '', referrer) AS referrer, agent AS user_agent,
    if(length(requested_with) <= %(longest_package)s AND match(requested_with, %(package)s),
        concat('app=', requested_with), '') AS hints,
    '' AS token, '' AS parent, '' AS method, '' AS code, '' AS navigation,
    if(line.fetch_site IN %(fetch_sites)s, line.fetch_site, '') AS fetch_site,
    '' AS returning, '' AS url_seen, '' AS name, 0 AS value, '' AS currency, '' AS answer,
    toString(network) AS network, %(source)s AS source
FROM
(
    SELECT
        number, ts, host, target, referrer, agent, fetch_site, requested_with,
        toLowCardinality(replaceRegexpOne(substringIndex(address, ',', 1), '^(?i)::ffff:([0-9.]+)$', '\\1'))
            AS client,
        multiIf(
            isIPv4String(client), concat(substringIndex(client, '.', 2), '.0.0/16'),
            isIPv6String(client), concat(IPv6NumToString(tupleElement(
                IPv6CIDRToRange(toIPv6OrDefault(client), 48), 1)), '/48'),
            '') AS network
    FROM import_lines
    WHERE verdict = 'page'
) AS line
ANY INNER JOIN (SELECT number, id FROM import_ids WHERE id NOT IN (SELECT id FROM import_known)) AS new
USING (number)
