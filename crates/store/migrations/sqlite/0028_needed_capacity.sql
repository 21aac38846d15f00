-- The capacity at which the chance of an overload by either direction is the risk, kVA; null where it is no more already.
-- Each extreme is judged by the limit of its own direction from now on, so that every box is due once.
ALTER TABLE box ADD COLUMN needed_kva REAL;
-- The first week by which the chance of an overload by one direction is above the risk.
ALTER TABLE box ADD COLUMN early_import_week INTEGER;
ALTER TABLE box ADD COLUMN early_feed_in_week INTEGER;
UPDATE box SET assessed_with = '';
