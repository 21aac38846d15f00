-- The room for a constant load at the risk, kW; negative where short.
ALTER TABLE box ADD COLUMN import_headroom_kw REAL;
ALTER TABLE box ADD COLUMN feed_in_headroom_kw REAL;
