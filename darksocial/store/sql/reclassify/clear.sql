-- A day without any visit left. Parameters: site, day.
ALTER TABLE visits DROP PARTITION (%(site)s, %(day)s)
