-- Who lets forecasts count on a proposal, and since when; nothing while nobody does.
ALTER TABLE proposal ADD COLUMN accepted_by TEXT;
ALTER TABLE proposal ADD COLUMN accepted_at TEXT;
