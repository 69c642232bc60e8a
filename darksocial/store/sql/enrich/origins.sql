-- Distinct ways in: where a hit came from, and what its URL says of a campaign.
-- Columns: origin_key, site, host, referrer_key, source_key, medium_key, campaign_key, url.
-- `url` is one of the URLs, where a click id needs its value looked at.
SELECT
    origin_key, any(site) AS site, any(host) AS host, any(referrer_key) AS referrer_key,
    any(source_key) AS source_key, any(medium_key) AS medium_key,
    any(campaign_key) AS campaign_key, if(any(clicks) = [], '', any(url)) AS url
FROM keyed
GROUP BY origin_key
