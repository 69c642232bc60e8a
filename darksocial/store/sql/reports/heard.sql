-- When the tracker heard of a site: page views but not imported or made up ones. Parameters: site.
-- Columns: first, last (when they were recorded, seconds since 1970), hits.
SELECT toUInt32(min(recorded)) AS first, toUInt32(max(recorded)) AS last, count() AS hits
FROM hits
WHERE site = %(site)s AND source = '' AND kind = 'pageview'
