-- One day's visits into the table that will be published. Parameters: target (table), day.
INSERT INTO %(target)s SELECT * FROM computed WHERE day = %(day)s
