-- The token that a session had before its rights changed, for requests that were under way.
ALTER TABLE person_session ADD COLUMN older_hash TEXT;
ALTER TABLE person_session ADD COLUMN older_until TIMESTAMPTZ;
CREATE INDEX person_session_by_older_hash ON person_session (older_hash);
