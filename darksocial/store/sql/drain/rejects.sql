-- Lines that are no sound records, with the reason. Columns: segment, trouble, line.
SELECT segment, trouble, toValidUTF8(substring(line, 1, 4096)) AS line FROM records WHERE trouble != ''
