-- No page has a class, where nobody asks for any.
-- Grain: one page. No parameters. Columns: page_key, page.
CREATE TEMPORARY TABLE est_classes (page_key UInt64, page UInt8)
