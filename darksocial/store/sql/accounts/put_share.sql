-- Share a report, or end that.
-- Parameters: id, hash, site, report, query, account, expires, deleted, version.
INSERT INTO report_links (id, hash, site, report, query, account, expires, deleted, version)
SELECT
    %(id)s, %(hash)s, %(site)s, %(report)s, %(query)s, %(account)s, %(expires)s,
    toUInt8(%(deleted)s), toUInt64(%(version)s)
