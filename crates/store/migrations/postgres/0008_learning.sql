-- The halves of what a run learns of the fleet, while it learns: each by whichever worker came first.
CREATE TABLE learning (
    run_id       BIGINT NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
    extreme      INTEGER NOT NULL,
    -- the lease: nobody else may learn it before
    leased_until TIMESTAMPTZ NOT NULL,
    -- JSON, once it is learned
    learned      TEXT,
    PRIMARY KEY (run_id, extreme)
);
