-- Set a value of the installation. Parameters: name, value, version.
INSERT INTO meta (name, value, version) SELECT %(name)s, %(value)s, toUInt64(%(version)s)
