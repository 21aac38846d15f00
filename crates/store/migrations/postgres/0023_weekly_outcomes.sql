-- What the runs of the newest two weeks said of each box: the list tells what is new since the earlier one.
CREATE TABLE weekly_outcome (
    -- the running week of the run
    week             INTEGER NOT NULL,
    box_key          BIGINT NOT NULL REFERENCES box (box_key) ON DELETE CASCADE,
    urgency          INTEGER NOT NULL,
    early_first_week INTEGER,
    is_silent        BOOLEAN NOT NULL,
    PRIMARY KEY (week, box_key)
);

CREATE INDEX weekly_outcome_by_box ON weekly_outcome (box_key);
-- What was recorded lately, whatever the box.
CREATE INDEX action_by_time ON action (recorded_at);
