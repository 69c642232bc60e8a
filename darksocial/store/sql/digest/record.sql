-- A letter that was handed over. Parameters: token, period_begin (day).
INSERT INTO letters (token, period_begin, sent) SELECT %(token)s, %(period_begin)s, now()
