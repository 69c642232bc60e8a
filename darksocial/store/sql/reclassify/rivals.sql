-- Publications of a day since a time, one's own included. Parameters: site, day, began
-- (microseconds since 1970). Columns: n.
SELECT count() AS n FROM days WHERE site = %(site)s AND day = %(day)s AND published >= %(began)s
