-- What planners propose of a box: a name and what is assumed (JSON). One that was removed is still known by its key.
CREATE TABLE proposal (
    box_key         INTEGER NOT NULL REFERENCES box (box_key) ON DELETE CASCADE,
    number          INTEGER NOT NULL,
    name            TEXT NOT NULL,
    assumed         TEXT NOT NULL,
    person          TEXT NOT NULL,
    saved_at        TEXT NOT NULL,
    removed_at      TEXT,
    -- what was sent twice is saved once
    idempotency_key TEXT NOT NULL,
    PRIMARY KEY (box_key, number),
    UNIQUE (box_key, idempotency_key)
) WITHOUT ROWID;

CREATE UNIQUE INDEX proposal_by_name ON proposal (box_key, name) WHERE removed_at IS NULL;
