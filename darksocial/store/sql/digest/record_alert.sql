-- An alert that was handed over. Parameters: token, alert.
INSERT INTO alert_letters (token, alert, sent) SELECT %(token)s, %(alert)s, now()
