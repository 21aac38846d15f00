-- Weeks are numbered by their Mondays, counted from 1970-01-05 = 0; phases 0 sumli, 1 l1, 2 l2, 3 l3;
-- extremes 0 minimum, 1 maximum. The views spell them out.

-- One measuring box: its station, its limits, and the newest assessment. The ranked list reads this table alone.
CREATE TABLE box (
    box_key              INTEGER PRIMARY KEY,
    box_id               TEXT NOT NULL UNIQUE,
    station_number       TEXT NOT NULL DEFAULT '',
    station_name         TEXT NOT NULL DEFAULT '',
    station_function     TEXT NOT NULL DEFAULT '',
    area                 TEXT NOT NULL DEFAULT '',
    region               TEXT NOT NULL DEFAULT '',
    street               TEXT NOT NULL DEFAULT '',
    house_number         TEXT NOT NULL DEFAULT '',
    postcode             TEXT NOT NULL DEFAULT '',
    town                 TEXT NOT NULL DEFAULT '',
    municipality         TEXT NOT NULL DEFAULT '',
    latitude             REAL,
    longitude            REAL,
    tap_position         TEXT NOT NULL DEFAULT '',
    capacity_kva         REAL,
    in_service           BOOLEAN NOT NULL DEFAULT TRUE,
    -- lower case: what a search looks through
    search_text          TEXT NOT NULL DEFAULT '',
    -- grows whenever the box's extremes or metadata change
    revision             INTEGER NOT NULL DEFAULT 0,
    -- the revision and the settings that the newest assessment was made from
    assessed_revision    INTEGER NOT NULL DEFAULT -1,
    assessed_with        TEXT NOT NULL DEFAULT '',
    -- the newest assessment: 0 overload, 1 near, 2 ample, 3 no forecast
    urgency              INTEGER NOT NULL DEFAULT 3,
    urgency_rank         INTEGER NOT NULL DEFAULT 2147483647,
    peak_loading         REAL,
    peak_week            INTEGER,
    peak_extreme         INTEGER,
    overload_week        INTEGER,
    overload_probability REAL,
    -- all of it, with the probabilities of each week (JSON)
    assessment           TEXT,
    -- words between commas, with one at either end: ',too-short,too-small,'
    flags                TEXT NOT NULL DEFAULT ',awaiting-forecast,',
    idle_weeks           INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX box_by_urgency ON box (urgency_rank, box_key);
CREATE INDEX box_by_area ON box (area, urgency_rank);

-- The lowest and the highest quarter-hour mean of a week, per box and phase.
CREATE TABLE week_extremes (
    box_key      INTEGER NOT NULL REFERENCES box (box_key) ON DELETE CASCADE,
    phase        INTEGER NOT NULL,
    week         INTEGER NOT NULL,
    min_kw       REAL NOT NULL,
    max_kw       REAL NOT NULL,
    readings     INTEGER NOT NULL,
    -- which quarter-hours have been seen; null once the week is full
    seen         BLOB,
    processed_on TEXT NOT NULL,
    PRIMARY KEY (box_key, phase, week)
) WITHOUT ROWID;

-- One row: how far the readings reach. The week that holds the newest reading is held back until it is over.
CREATE TABLE data_state (
    only_row       INTEGER PRIMARY KEY CHECK (only_row = 1),
    newest_reading TEXT,
    running_week   INTEGER,
    time_zone      TEXT NOT NULL
);

-- One pass of the worker over the boxes that need it.
CREATE TABLE run (
    run_id        INTEGER PRIMARY KEY,
    model         TEXT NOT NULL,
    model_version TEXT NOT NULL,
    code_version  TEXT NOT NULL,
    settings      TEXT NOT NULL,
    running_week  INTEGER,
    started_at    TEXT NOT NULL,
    finished_at   TEXT
);

-- One box to fit within a run. visible_at is the lease: nobody else may take the job before it.
CREATE TABLE fit_job (
    job_id     INTEGER PRIMARY KEY,
    run_id     INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
    box_key    INTEGER NOT NULL REFERENCES box (box_key) ON DELETE CASCADE,
    visible_at TEXT NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    done_at    TEXT,
    failure    TEXT,
    UNIQUE (run_id, box_key)
);
CREATE INDEX fit_job_open ON fit_job (run_id, visible_at, job_id) WHERE done_at IS NULL;

-- One extreme of one box as one run saw it. Its bands are beside it in forecast_bands.
CREATE TABLE forecast (
    forecast_id  INTEGER PRIMARY KEY,
    run_id       INTEGER NOT NULL REFERENCES run (run_id),
    box_key      INTEGER NOT NULL REFERENCES box (box_key) ON DELETE CASCADE,
    phase        INTEGER NOT NULL,
    extreme      INTEGER NOT NULL,
    is_valid     BOOLEAN NOT NULL,
    processed_on TEXT NOT NULL,
    first_week   INTEGER NOT NULL,
    -- weeks of history; the rows after them are the future
    history      INTEGER NOT NULL,
    weeks        INTEGER NOT NULL,
    -- what one step of the whole numbers in forecast_bands stands for
    unit_kw      REAL NOT NULL,
    -- sigma, coefficients, evidence; and the overload probabilities (JSON)
    posterior    TEXT NOT NULL,
    overload     TEXT
);
CREATE UNIQUE INDEX forecast_valid ON forecast (box_key, extreme) WHERE is_valid;
CREATE INDEX forecast_by_run ON forecast (run_id, box_key);

-- JSON: five lists (5, 15, 50, 85, 95 %) of one whole number a week, in units of forecast.unit_kw.
CREATE TABLE forecast_bands (
    forecast_id INTEGER PRIMARY KEY REFERENCES forecast (forecast_id) ON DELETE CASCADE,
    observed    TEXT NOT NULL,
    drift       TEXT NOT NULL,
    yearly      TEXT NOT NULL,
    total       TEXT NOT NULL
);

-- For people and tools that read SQL: one row a number, in the words of the source system.
CREATE VIEW week_extremes_by_date AS
SELECT b.box_id AS box, date('1970-01-05', '+' || (7 * e.week) || ' days') AS date,
       CASE e.phase WHEN 0 THEN 'sumli' ELSE 'l' || e.phase END AS phase,
       e.min_kw, e.max_kw, e.readings, e.processed_on
FROM week_extremes e JOIN box b USING (box_key);

CREATE VIEW forecast_long AS
SELECT b.box_id AS box,
       date('1970-01-05', '+' || (7 * (f.first_week + v.key)) || ' days') AS date,
       CASE f.phase WHEN 0 THEN 'sumli' ELSE 'l' || f.phase END AS phase,
       CASE f.extreme WHEN 0 THEN 'min' ELSE 'max' END AS extreme,
       CASE WHEN v.key < f.history THEN 'history' ELSE 'future' END AS period,
       p.model_var,
       CASE q.key WHEN 2 THEN 0 WHEN 1 THEN 70 WHEN 3 THEN 70 ELSE 90 END AS band,
       CASE q.key WHEN 2 THEN 'median' WHEN 0 THEN 'lower' WHEN 1 THEN 'lower' ELSE 'upper' END AS boundary,
       v.value * f.unit_kw AS value, f.processed_on, f.is_valid
FROM forecast f
JOIN box b USING (box_key)
JOIN (SELECT forecast_id, 'drift' AS model_var, drift AS body FROM forecast_bands
      UNION ALL SELECT forecast_id, 'yearly', yearly FROM forecast_bands
      UNION ALL SELECT forecast_id, 'sigma', total FROM forecast_bands) p USING (forecast_id)
JOIN json_each(p.body) q
JOIN json_each(q.value) v;
