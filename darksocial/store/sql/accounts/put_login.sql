-- Begin or end a log-in. Parameters: id (its hash), account, expires, ended, version.
INSERT INTO logins (id, account, expires, ended, version)
SELECT %(id)s, %(account)s, %(expires)s, toUInt8(%(ended)s), toUInt64(%(version)s)
