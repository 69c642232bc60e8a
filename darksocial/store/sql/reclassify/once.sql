-- The arrivals without repeats. Grain: one segment.
-- A step of its own, since it costs a tenth of all the work and repeats are rare.
CREATE TEMPORARY TABLE once AS SELECT * FROM arrivals LIMIT 1 BY visitor, step
