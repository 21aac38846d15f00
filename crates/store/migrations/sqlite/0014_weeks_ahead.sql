-- The coming weeks as a row of the list shows them, as JSON: written with the next forecast of each box.
ALTER TABLE box ADD COLUMN weeks_ahead TEXT;
