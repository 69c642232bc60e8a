-- First and last day with a publication. Parameters: site. Columns: first, last, days.
SELECT min(day) AS first, max(day) AS last, uniqExact(day) AS days
FROM days WHERE site = %(site)s AND page_views + shares + previews + bots > 0
