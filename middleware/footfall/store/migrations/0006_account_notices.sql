-- What accounts have been told, and what their members said to it: the clock of an opt-out with notice runs on these.
-- They are few, and retention does not touch them: an answer lasts until the member changes it.

CREATE TABLE account_notices (
    id TEXT PRIMARY KEY,
    member_id TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL,
    served_by TEXT NOT NULL,
    purposes TEXT NOT NULL,
    text_fingerprint TEXT NOT NULL
);

CREATE INDEX account_notices_member ON account_notices (member_id, at);

CREATE TABLE account_answers (
    member_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    approved BIGINT NOT NULL,
    at DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (member_id, purpose)
);

-- The whole choice as its cookie states it, so that nothing of it is lost on the way to another device.
ALTER TABLE account_choices ADD COLUMN content TEXT NOT NULL DEFAULT '';
