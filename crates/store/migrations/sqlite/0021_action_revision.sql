-- Counts what is recorded about boxes, so that a list in memory reads anew only the boxes that something was recorded of.
ALTER TABLE list_revision ADD COLUMN action_revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE box ADD COLUMN action_revision INTEGER NOT NULL DEFAULT 0;
CREATE INDEX box_by_action_revision ON box (action_revision);
