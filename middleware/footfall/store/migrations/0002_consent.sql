-- The proof of consent, what was withdrawn, and what members chose for their accounts.

CREATE TABLE consent_records (
    id TEXT PRIMARY KEY,
    visitor_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL,
    method TEXT NOT NULL,
    purposes TEXT NOT NULL,
    refused TEXT NOT NULL,
    policy_version BIGINT NOT NULL,
    text_fingerprint TEXT NOT NULL,
    language TEXT NOT NULL,
    layer TEXT NOT NULL,
    site TEXT NOT NULL,
    supersedes TEXT NOT NULL
);

CREATE INDEX consent_records_visitor ON consent_records (visitor_id, at) WHERE visitor_id <> '';

CREATE INDEX consent_records_member ON consent_records (member_id, at) WHERE member_id <> '';

CREATE INDEX consent_records_at ON consent_records (at);

-- While retention runs, the one row says how far it goes.
CREATE TABLE consent_retention (
    cutoff DOUBLE PRECISION NOT NULL
);

-- Numbered in the order of their commits, so that who asks for those after the last one seen misses none.
CREATE TABLE withdrawn_consents (
    number BIGINT PRIMARY KEY,
    consent_id TEXT NOT NULL UNIQUE,
    at DOUBLE PRECISION NOT NULL
);

CREATE TABLE account_choices (
    member_id TEXT PRIMARY KEY,
    purposes TEXT NOT NULL,
    refused TEXT NOT NULL,
    source TEXT NOT NULL,
    policy_version BIGINT NOT NULL,
    at DOUBLE PRECISION NOT NULL
);
