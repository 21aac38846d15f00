-- What the fleet has in common as the run learned it (JSON, by extreme): with model, settings and readings it makes the
-- forecasts of the run again.
ALTER TABLE run ADD COLUMN population TEXT;

-- Bypass switchings and level shifts as the newest assessment found them (JSON).
ALTER TABLE box ADD COLUMN findings TEXT;

-- What planners decided of weeks that look, or do not look, like a bypass switching: left out of the fit, or counted.
CREATE TABLE week_decision (
    box_key    BIGINT NOT NULL REFERENCES box (box_key) ON DELETE CASCADE,
    first_week INTEGER NOT NULL,
    last_week  INTEGER NOT NULL CHECK (last_week >= first_week),
    left_out   BOOLEAN NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (box_key, first_week, last_week)
);
