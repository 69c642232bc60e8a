-- Lines that could not be read, in their order. Parameters: unreadable (verdicts), most.
-- Columns: number, reason, text.
SELECT number, toString(verdict) AS reason, toValidUTF8(substring(text, 1, 4096)) AS text
FROM import_lines
WHERE verdict IN %(unreadable)s
ORDER BY number
LIMIT %(most)s
