-- The expected weeks above the limit of a transformer that is short of room, at each larger rating that is ordered (JSON),
-- and the ratings that the box was assessed with: with others it is due again where it is short.
ALTER TABLE box ADD COLUMN weeks_at_ratings TEXT;
ALTER TABLE box ADD COLUMN rated_with TEXT NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN ratings TEXT NOT NULL DEFAULT '';
