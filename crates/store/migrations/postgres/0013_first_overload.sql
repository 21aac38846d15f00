-- The first overload within the ranked weeks, as the newest assessment has it, for list and order: the likeliest week, the week
-- by which it is more probable than not, that by which it is more probable than the risk; how many weeks above the limit are to
-- be expected, how far beyond it (kW) the largest value lies at the risk, and by which extreme.
ALTER TABLE box ADD COLUMN likeliest_first_week INTEGER;
ALTER TABLE box ADD COLUMN median_first_week INTEGER;
ALTER TABLE box ADD COLUMN early_first_week INTEGER;
ALTER TABLE box ADD COLUMN expected_weeks DOUBLE PRECISION;
ALTER TABLE box ADD COLUMN shortfall_kw DOUBLE PRECISION;
ALTER TABLE box ADD COLUMN overload_extreme INTEGER;
