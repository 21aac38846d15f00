-- Whether a week came in as its extremes rather than as readings: readings of the same week take its place.
ALTER TABLE week_extremes ADD COLUMN imported BOOLEAN NOT NULL DEFAULT FALSE;

DROP VIEW week_extremes_by_date;
CREATE VIEW week_extremes_by_date AS
SELECT b.box_id AS box, DATE '1970-01-05' + 7 * e.week AS date,
       CASE e.phase WHEN 0 THEN 'sumli' ELSE 'l' || e.phase END AS phase,
       e.min_kw, e.max_kw, e.readings, e.processed_on, e.imported
FROM week_extremes e JOIN box b USING (box_key);
