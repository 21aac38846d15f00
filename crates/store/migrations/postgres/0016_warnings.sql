-- The forecasts that made an overload likelier than not. They stay when the forecasts themselves are gone.
CREATE TABLE warning (
    box_key     BIGINT NOT NULL REFERENCES box (box_key) ON DELETE CASCADE,
    -- the first week of the forecast, and the last that the warning is for
    week        INTEGER NOT NULL,
    until_week  INTEGER NOT NULL,
    probability DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (box_key, week)
);

-- The weeks in which forecasts began that were looked through for warnings.
CREATE TABLE warned_week (
    week INTEGER PRIMARY KEY
);

-- What the ledgers of boxes come to: a row an area, as of the newest run.
CREATE TABLE warning_sums (
    area         TEXT PRIMARY KEY,
    hits         INTEGER NOT NULL,
    misses       INTEGER NOT NULL,
    false_alarms INTEGER NOT NULL,
    open         INTEGER NOT NULL,
    lead_weeks   INTEGER NOT NULL
);
