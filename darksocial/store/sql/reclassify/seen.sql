-- The newest mark of a day. Parameters: site, day.
SELECT max(at) AS seen FROM touched WHERE site = %(site)s AND day = %(day)s
