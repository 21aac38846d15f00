-- Who has decided; null for decisions from before identities were known.
ALTER TABLE week_decision ADD COLUMN decided_by TEXT;

-- Sessions of people in browsers. A token is stored as its SHA-256 alone: who reads the table can't use it.
CREATE TABLE person_session (
    session_id  BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash  TEXT NOT NULL UNIQUE,
    person      TEXT NOT NULL,
    way_in      TEXT NOT NULL,
    -- the groups that the provider named (JSON); what they may do is computed from the settings at each request
    groups      TEXT NOT NULL,
    -- the rights at the last request (JSON): where they differ, the session is renewed
    rights      TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    used_at     TIMESTAMPTZ NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX person_session_by_person ON person_session (person);

-- Sign-ins that have been sent to the provider and have not come back.
CREATE TABLE pending_sign_in (
    state_hash  TEXT PRIMARY KEY,
    nonce       TEXT NOT NULL,
    verifier    TEXT NOT NULL,
    return_to   TEXT NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL
);

-- Keys of programs, and the embed tokens minted with them.
CREATE TABLE api_key (
    key_id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash  TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    -- whether it is an embed token, and the key that minted it
    minted_with BIGINT REFERENCES api_key (key_id),
    person_right TEXT NOT NULL,
    scope       TEXT NOT NULL,
    created_by  TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL,
    revoked_at  TIMESTAMPTZ
);
CREATE INDEX api_key_by_expiry ON api_key (expires_at);

-- Who did what. Append-only.
CREATE TABLE audit_entry (
    entry_id    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          TIMESTAMPTZ NOT NULL,
    person      TEXT NOT NULL,
    way_in      TEXT NOT NULL,
    address     TEXT,
    action      TEXT NOT NULL,
    outcome     TEXT NOT NULL,
    subject     TEXT NOT NULL,
    detail      TEXT NOT NULL
);
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit is append-only'; END; $$;
CREATE TRIGGER audit_entry_is_not_changed BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_entry_is_not_emptied BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
-- Also where a connection has switched ordinary triggers off, as replication does.
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_is_not_changed;
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_is_not_emptied;
