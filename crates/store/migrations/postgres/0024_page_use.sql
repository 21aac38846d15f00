-- How often the pages were used, by day; who used them isn't known here.
CREATE TABLE page_use (
    day  DATE NOT NULL,
    what TEXT NOT NULL,
    uses BIGINT NOT NULL,
    PRIMARY KEY (day, what)
);
