-- The class of every page that est_pages knows: what is kept of it when the rest goes.
-- Grain: one page. No parameters. Columns: page_key, page (1 home, 2 section, 3 deep).
CREATE TEMPORARY TABLE est_classes AS SELECT page_key, page FROM est_pages
