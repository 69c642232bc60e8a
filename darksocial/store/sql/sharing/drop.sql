-- Let go of kept trees. Parameters: site, number.
ALTER TABLE kept_trees DROP PARTITION (%(site)s, %(number)s)
