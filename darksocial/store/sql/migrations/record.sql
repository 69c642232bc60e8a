-- One row for a migration that has run. Parameters: number, name.
INSERT INTO migrations (number, name, applied)
SELECT toUInt32(%(number)s), %(name)s, now()
