-- What was shown, once for each fingerprint, so that a record can be read together with its words.

CREATE TABLE consent_texts (
    fingerprint TEXT PRIMARY KEY,
    layer TEXT NOT NULL,
    language TEXT NOT NULL,
    policy_version BIGINT NOT NULL,
    text TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL
);

CREATE INDEX consent_records_text ON consent_records (text_fingerprint);

-- The policies a site has had, so that who agreed to an older one can be found without the app's settings.
CREATE TABLE policies (
    site TEXT NOT NULL,
    version BIGINT NOT NULL,
    effective TEXT NOT NULL,
    changes TEXT NOT NULL,
    url TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (site, version)
);
