-- What share trees depend on. Parameters: site. Columns: published (the newest publication of a
-- day), changed (the newest change of a link), shares (reports of shares).
SELECT
    (SELECT max(published) FROM days WHERE site = %(site)s) AS published,
    (SELECT max(version) FROM links WHERE site = %(site)s) AS changed,
    (SELECT toUInt64(count()) FROM shares WHERE site = %(site)s) AS shares
