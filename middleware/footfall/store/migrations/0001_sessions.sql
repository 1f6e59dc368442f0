-- Sessions and remember-me. Times are Unix seconds; hashes are hexadecimal SHA-256. No token is stored.

CREATE TABLE remember_series (
    series TEXT PRIMARY KEY,
    member_id TEXT NOT NULL,
    roles TEXT NOT NULL,
    authenticated_at DOUBLE PRECISION NOT NULL,
    created_at DOUBLE PRECISION NOT NULL,
    expires_at DOUBLE PRECISION NOT NULL,
    exchanged_at DOUBLE PRECISION NOT NULL,
    session_hash TEXT NOT NULL,
    user_agent TEXT NOT NULL
);

CREATE INDEX remember_series_member ON remember_series (member_id, created_at);

CREATE INDEX remember_series_expiry ON remember_series (expires_at);

-- Tokens stay after their use, so that one that comes again can be told from one that never was.
CREATE TABLE remember_tokens (
    token_hash TEXT PRIMARY KEY,
    series TEXT NOT NULL REFERENCES remember_series (series) ON DELETE CASCADE,
    generation BIGINT NOT NULL,
    issued_at DOUBLE PRECISION NOT NULL,
    seen_at DOUBLE PRECISION
);

CREATE INDEX remember_tokens_series ON remember_tokens (series, generation);

-- With a series end its sessions.
CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    member_id TEXT NOT NULL,
    roles TEXT NOT NULL,
    how TEXT NOT NULL,
    authenticated_at DOUBLE PRECISION NOT NULL,
    created_at DOUBLE PRECISION NOT NULL,
    seen_at DOUBLE PRECISION NOT NULL,
    series TEXT REFERENCES remember_series (series) ON DELETE CASCADE,
    data TEXT NOT NULL,
    notices TEXT NOT NULL,
    user_agent TEXT NOT NULL
);

CREATE INDEX sessions_member ON sessions (member_id, created_at) WHERE member_id <> '';

CREATE INDEX sessions_series ON sessions (series) WHERE series IS NOT NULL;

CREATE INDEX sessions_created ON sessions (created_at);

-- What a member must be told, until it is dismissed; sessions.notices has it too, separated by spaces.
CREATE TABLE member_notices (
    member_id TEXT NOT NULL,
    notice TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (member_id, notice)
);
