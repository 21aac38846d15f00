-- Readings beyond five times the capacity: they don't enter the extremes. One row for each box that has some.
CREATE TABLE implausible_reading (
    box_key BIGINT PRIMARY KEY REFERENCES box (box_key) ON DELETE CASCADE,
    first_week INTEGER NOT NULL,
    last_week INTEGER NOT NULL CHECK (last_week >= first_week),
    min_kw DOUBLE PRECISION NOT NULL,
    max_kw DOUBLE PRECISION NOT NULL CHECK (max_kw >= min_kw)
);
