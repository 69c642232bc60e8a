-- An empty table in memory for visits of several days. No parameters; its columns are those of `visits`.
-- Filled from here, each day is one part of one partition: to divide days while they are written
-- would cost as much again as to write them.
CREATE TEMPORARY TABLE computed AS SELECT * FROM visits WHERE 0
