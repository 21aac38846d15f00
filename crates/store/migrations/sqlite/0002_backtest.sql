-- How good forecasts were: one row a backtest, with all its findings (JSON).
CREATE TABLE backtest (
    backtest_id  INTEGER PRIMARY KEY,
    made_at      TEXT NOT NULL,
    code_version TEXT NOT NULL,
    -- what was asked for, and what it was made from (JSON)
    settings     TEXT NOT NULL,
    data         TEXT NOT NULL,
    result       TEXT NOT NULL
);
