-- Whether a run was about half of all boxes or more.
ALTER TABLE run ADD COLUMN of_fleet BOOLEAN NOT NULL DEFAULT FALSE;
-- When it had learned what the fleet has in common.
ALTER TABLE run ADD COLUMN learned_at TEXT;

-- What is remembered of a run once its forecasts are gone: of those that renewed extremes as of those that forecast.
CREATE TABLE run_record (
    record_id    INTEGER PRIMARY KEY,
    -- 'extremes' or 'forecasts'
    kind         TEXT NOT NULL,
    -- the run, of forecasts
    run_id       INTEGER UNIQUE,
    of_fleet     BOOLEAN NOT NULL,
    started_by   TEXT NOT NULL,
    code_version TEXT NOT NULL,
    model        TEXT,
    settings     TEXT,
    started_at   TEXT NOT NULL,
    finished_at  TEXT,
    -- when scores and comparison were added
    closed_at    TEXT,
    -- 'under-way', 'complete', 'with-refusals', 'stopped' or 'failed'
    outcome      TEXT NOT NULL,
    reason       TEXT,
    -- measures, data, data tests, what is suspicious (JSON)
    facts        TEXT NOT NULL
);
CREATE INDEX run_record_by_kind ON run_record (kind, record_id);

-- What a run forecast of a week, judged by what then happened: over a sample of the boxes.
CREATE TABLE forecast_score (
    run_id             INTEGER NOT NULL,
    week               INTEGER NOT NULL,
    extreme            INTEGER NOT NULL,
    weeks_ahead        INTEGER NOT NULL,
    model              TEXT NOT NULL,
    boxes              INTEGER NOT NULL,
    -- sums over the boxes; the loss as a share of the capacity
    pinball            REAL NOT NULL,
    within_90          INTEGER NOT NULL,
    within_70          INTEGER NOT NULL,
    above_90           INTEGER NOT NULL,
    expected_overloads REAL NOT NULL,
    overloads          INTEGER NOT NULL,
    scored_at          TEXT NOT NULL,
    PRIMARY KEY (run_id, week, extreme)
);
