-- Tokens whose share report is among the raw hits. Columns: site, token.
SELECT DISTINCT site, token FROM raw WHERE kind = 'share' AND token != ''
