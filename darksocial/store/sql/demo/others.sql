-- Whether a site holds hits of other sources than one. Parameters: site, source. Columns: n (0 or 1).
SELECT count() AS n FROM (SELECT 1 FROM hits WHERE site = %(site)s AND source != %(source)s LIMIT 1) AS found
