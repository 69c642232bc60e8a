-- Lines that could not be read, in their order. Parameters: unreadable (reasons), most.
-- Columns: number, reason, text.
SELECT number, reason, toValidUTF8(substring(text, 1, 4096)) AS text
FROM import_lines
WHERE reason IN %(unreadable)s
ORDER BY number
LIMIT %(most)s
