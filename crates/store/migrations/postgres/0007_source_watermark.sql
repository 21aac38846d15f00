-- How far each source has told its readings: what counts as new when it is asked again. `import` is no such source.
CREATE TABLE source_watermark (
    -- what it is and where, without user or password
    source         TEXT PRIMARY KEY,
    newest_reading TIMESTAMPTZ NOT NULL
);
