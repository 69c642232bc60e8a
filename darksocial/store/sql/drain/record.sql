-- Remember that segments are stored. Parameters: names.
INSERT INTO segments (name, stored) SELECT arrayJoin(%(names)s), now()
