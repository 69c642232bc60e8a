-- Delete the notes of publications that newer ones replaced. Parameters: before (microseconds
-- since 1970).
ALTER TABLE days DELETE
WHERE published < %(before)s AND (site, day, published) NOT IN
    (SELECT site, day, max(published) FROM days GROUP BY site, day)
