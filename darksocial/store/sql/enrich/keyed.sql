-- Raw hits with the keys under which the rules are asked, once for each distinct value.
-- Grain: one hit. Parameters: click_ids (names of parameters), valued (those of them whose value
-- decides), deciding (name=value of parameters in a referrer that say which application wrapped
-- the link), origin (captures host and port), needless (matches what a host may be written
-- without) and address (matches e-mail-like values): patterns.
-- `referrer_key` is the referrer with of its query what decides, and the host alone where it is
-- the page's. Texts are hashed by sipHash64, since anybody may choose them; what puts their hashes
-- together is a faster function.
CREATE TEMPORARY TABLE keyed ENGINE = Memory AS
SELECT
    * EXCEPT (user_agent, fragment_token, tagged, said_source, said_medium, said_campaign,
        click_pairs, bare_referrer, wrapper, named_host, own_path),
    toValidUTF8(substring(user_agent, 1, 1024)) AS agent,
    cityHash64(sipHash64(agent), sipHash64(hints)) AS agent_key,
    multiIf(code != '', code, token != '', token, fragment_token != '', fragment_token, '')
        AS any_token,
    if(any_token != '', sipHash64(site, any_token), 0) AS token_key,
    if(match(said_source, %(address)s), '', said_source) AS source_key,
    if(match(said_medium, %(address)s), '', said_medium) AS medium_key,
    if(match(said_campaign, %(address)s), '', said_campaign) AS campaign_key,
    arrayMap(x -> if(has(%(valued)s, splitByChar('=', x)[1]), x, splitByChar('=', x)[1]),
        click_pairs) AS clicks,
    cityHash64(sipHash64(site), sipHash64(host), sipHash64(referrer_key), sipHash64(source_key),
        sipHash64(medium_key), sipHash64(campaign_key), clicks) AS origin_key
FROM
(
    SELECT
        * EXCEPT (url, referrer, name, hints),
        toValidUTF8(substring(hints, 1, 200)) AS hints,
        if(name != '' AND match(name, %(address)s), '', name) AS name,
        toValidUTF8(substring(url, 1, 2048)) AS url,
        lower(extract(url, %(origin)s)) AS named_host,
        if(position(named_host, ':') > 0 OR endsWith(named_host, '.'),
            replaceRegexpOne(named_host, %(needless)s, ''), named_host) AS host,
        path(replaceAll(cutQueryStringAndFragment(url), '\\', '/')) AS own_path,
        if(own_path = '', '/', own_path) AS whole_path,
        if(position(url, 'ds=') > 0, extractURLParameter(url, 'ds'), '') AS fragment_token,
        position(url, 'utm_') > 0 AS tagged,
        if(tagged, toValidUTF8(decodeURLFormComponent(extractURLParameter(url, 'utm_source'))), '')
            AS said_source,
        if(tagged, toValidUTF8(decodeURLFormComponent(extractURLParameter(url, 'utm_medium'))), '')
            AS said_medium,
        if(tagged, toValidUTF8(decodeURLFormComponent(extractURLParameter(url, 'utm_campaign'))),
            '') AS said_campaign,
        if(position(url, '?') > 0, arrayFilter(
            x -> has(%(click_ids)s, splitByChar('=', x)[1]) AND NOT endsWith(x, '='),
            extractURLParameters(cutFragment(url))), []) AS click_pairs,
        toValidUTF8(substring(cutQueryStringAndFragment(referrer), 1, 512)) AS bare_referrer,
        if(position(referrer, '?') > 0, arrayStringConcat(arrayDistinct(arrayFilter(
            x -> has(%(deciding)s, x), extractURLParameters(cutFragment(referrer)))), '&'), '')
            AS wrapper,
        if(host != '' AND lower(extract(referrer, %(origin)s)) IN (host, named_host), host,
            if(wrapper = '', bare_referrer, concat(bare_referrer, '?', wrapper)))
            AS referrer_key
    FROM raw
) AS cut
