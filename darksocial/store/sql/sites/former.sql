-- The key that a removed site had. Parameters: name. Columns: key.
SELECT key FROM sites WHERE name = %(name)s ORDER BY version DESC LIMIT 1
