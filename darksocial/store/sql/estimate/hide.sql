-- Tokens that validation takes for absent: of these the chosen ones, whole and by their sharers.
-- Grain: one token. Parameters: visits (table), site, begin, end (UTC), by (column by which they are
-- chosen), seed, percent.
INSERT INTO est_hidden
SELECT DISTINCT token FROM %(visits)s
WHERE site = %(site)s AND ts >= %(begin)s AND ts < %(end)s AND token_state = 'valid' AND token != ''
    AND sipHash64(toString(%(by)s), %(seed)s) % 100 < %(percent)s
