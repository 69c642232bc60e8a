-- Delete a value of the installation for good. Parameters: name.
ALTER TABLE meta DELETE WHERE name = %(name)s
