-- Put a day's new visits in the place of its old ones. Parameters: target (table), site, day.
ALTER TABLE visits REPLACE PARTITION (%(site)s, %(day)s) FROM %(target)s
