-- How often the pages were used, by day; who used them isn't known here.
CREATE TABLE page_use (
    day  TEXT NOT NULL,
    what TEXT NOT NULL,
    uses INTEGER NOT NULL,
    PRIMARY KEY (day, what)
) WITHOUT ROWID;
