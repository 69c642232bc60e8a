-- How many steps were recorded more than once. Columns: n.
SELECT toUInt64(sum(repeats)) AS n FROM gathered
