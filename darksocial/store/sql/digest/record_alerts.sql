-- Alerts that were handed over in one letter. Parameters: token, alerts (array of their keys).
INSERT INTO alert_letters (token, alert, sent)
SELECT %(token)s, arrayJoin(%(alerts)s) AS alert, now()
