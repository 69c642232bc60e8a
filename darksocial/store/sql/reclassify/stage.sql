-- An empty table like `visits`, to be filled and published at once. Parameters: target (table).
CREATE TABLE IF NOT EXISTS %(target)s AS visits
