-- One row: the latest turn of the schedule, and the server that has it. Several servers share a store; one of them runs.
CREATE TABLE schedule_turn (
    only_row     INTEGER PRIMARY KEY CHECK (only_row = 1),
    due_at       TEXT NOT NULL,
    -- the lease: nobody else may take the turn before it
    leased_until TEXT NOT NULL,
    is_done      BOOLEAN NOT NULL
);
