-- That something was erased, when and how much: a receipt that says nothing of the person.
CREATE TABLE IF NOT EXISTS {database}.erasures{local}{on_cluster}
(
    receipt   String                              COMMENT 'What the person was given to name the erasure by: 128 random bits',
    erased_at DateTime64(3, 'UTC')                COMMENT 'When it was proved that nothing is left',
    subject   LowCardinality(String)              COMMENT 'What was erased: a member, or a visitor (one browser)',
    counts    Map(LowCardinality(String), UInt64) COMMENT 'How much was erased: events, requests, visits, and lines of set-aside files'
)
ENGINE = {replicated}MergeTree
ORDER BY (erased_at, receipt)
SETTINGS {window} = 1000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Receipts of erasures, without the person';

-- By what shippers know events of the erased that still wait in a journal, on whatever machine: a salted digest.
CREATE TABLE IF NOT EXISTS {database}.erasure_notes{local}{on_cluster}
(
    receipt String                 COMMENT 'Of the erasure',
    subject LowCardinality(String) COMMENT 'member or visitor',
    salt    String                 COMMENT '128 random bits of this note alone',
    digest  String                 COMMENT 'SHA-256 of salt, subject and id',
    until   DateTime64(3, 'UTC')   COMMENT 'Events up to then are erased; what comes later is new'
)
ENGINE = {replicated}MergeTree
ORDER BY receipt
TTL toDateTime(until) + INTERVAL 30 DAY
SETTINGS {window} = 1000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'For thirty days after an erasure: what tells events of the erased that come late';

-- What an erasure is about to delete, so that one that was interrupted goes on where it stopped. Empty afterwards.
CREATE TABLE IF NOT EXISTS {database}.erasure_rows{local}{on_cluster}
(
    receipt      String                 COMMENT 'Of the erasure',
    site         LowCardinality(String) COMMENT 'As in events',
    visitor_id   UUID                   COMMENT 'As in events',
    visit_number UInt32                 COMMENT 'As in events',
    time         DateTime64(3, 'UTC')   COMMENT 'As in events; 1970 where only the visit is known',
    member       UInt64                 COMMENT 'cityHash64 of member_id',
    batch        String                 COMMENT 'As in events',
    events       UInt64                 COMMENT 'How many events these are',
    requests     UInt64                 COMMENT 'How many of them are requests'
)
ENGINE = {replicated}MergeTree
PARTITION BY receipt
ORDER BY (site, visitor_id, visit_number, time)
COMMENT 'The plan of an erasure while it is carried out';

-- What was erased is counted as such, and no longer as rows.
ALTER TABLE {database}.accounting{local}{on_cluster} MODIFY COLUMN requests Int64 COMMENT 'How many requests; fewer than none where rows were erased later';
