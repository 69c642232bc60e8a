-- Distinct paths that may hold what may not be stored: long segments and addresses.
-- Columns: whole_path.
SELECT DISTINCT whole_path FROM keyed WHERE match(whole_path, '[^/]{24,}|@|%40|eyJ') OR NOT isValidUTF8(whole_path)
