-- requires: 20
-- Column by column, texts of few values merge three times as slowly as row by row.
ALTER TABLE hits MODIFY SETTING enable_vertical_merge_algorithm = 0;

ALTER TABLE shares MODIFY SETTING enable_vertical_merge_algorithm = 0;

ALTER TABLE visits MODIFY SETTING enable_vertical_merge_algorithm = 0;
