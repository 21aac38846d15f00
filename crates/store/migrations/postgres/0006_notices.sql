-- What is to be told to people and programs outside: announced once, told to every webhook that asks for its kind.
CREATE TABLE notice (
    notice_id    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- what makes it the same notice when it is announced again, such as 'run-failed/12'
    identity     TEXT NOT NULL UNIQUE,
    kind         TEXT NOT NULL,
    -- all of it (JSON)
    body         TEXT NOT NULL,
    announced_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX notice_by_time ON notice (announced_at);

-- One notice on its way to one webhook. visible_at is the lease: nobody else may try it before.
CREATE TABLE notice_delivery (
    notice_id  BIGINT NOT NULL REFERENCES notice (notice_id) ON DELETE CASCADE,
    webhook    TEXT NOT NULL,
    visible_at TIMESTAMPTZ NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    done_at    TIMESTAMPTZ,
    -- whether it was given up rather than delivered
    given_up   BOOLEAN NOT NULL DEFAULT FALSE,
    -- why the last attempt failed
    failure    TEXT,
    PRIMARY KEY (notice_id, webhook)
);
CREATE INDEX notice_delivery_open ON notice_delivery (visible_at) WHERE done_at IS NULL;

-- One row: what the newest weekly digest saw (JSON: keys of the boxes that were overloaded, and of those near it).
CREATE TABLE digest (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    run_id   BIGINT NOT NULL,
    taken_at TIMESTAMPTZ NOT NULL,
    seen     TEXT NOT NULL
);
