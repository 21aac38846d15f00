-- What was measured beyond the limit in the last weeks, as the newest assessment found it (JSON), and what of it the list is
-- ordered by. Class 4 has such weeks, class 5 is not measured.
ALTER TABLE box ADD COLUMN exceedance TEXT;
ALTER TABLE box ADD COLUMN exceeded_weeks INTEGER;
ALTER TABLE box ADD COLUMN exceeded_loading DOUBLE PRECISION;

-- What the forecasts of measured boxes say of one like them: a row for each capacity that enough of them have, and one for
-- all (capacity 0).
CREATE TABLE peers (
    capacity_kva       DOUBLE PRECISION PRIMARY KEY,
    boxes              BIGINT NOT NULL,
    -- the sum of their overload probabilities
    expected_overloads DOUBLE PRECISION NOT NULL,
    -- the last week of their forecasts
    until_week         INTEGER NOT NULL
);
