-- What planners recorded of a box: its whole history, each version once. The newest stands beside the box for the list.
CREATE TABLE action (
    box_key         INTEGER NOT NULL REFERENCES box (box_key) ON DELETE CASCADE,
    version         INTEGER NOT NULL,
    status          TEXT NOT NULL,
    day             TEXT,
    owner           TEXT NOT NULL,
    note            TEXT NOT NULL,
    person          TEXT NOT NULL,
    recorded_at     TEXT NOT NULL,
    -- what was sent twice is recorded once
    idempotency_key TEXT NOT NULL,
    PRIMARY KEY (box_key, version),
    UNIQUE (box_key, idempotency_key)
) WITHOUT ROWID;

ALTER TABLE box ADD COLUMN action_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE box ADD COLUMN action_status TEXT;
ALTER TABLE box ADD COLUMN action_day TEXT;
ALTER TABLE box ADD COLUMN action_owner TEXT;
