-- Every event, one row. What the columns mean is said beside them, once, for `footfall schema show` and the docs.
CREATE TABLE IF NOT EXISTS {database}.events{local}{on_cluster}
(
    time            DateTime64(3, 'UTC')           COMMENT 'When it happened, by the server clock; of anonymous rows the minute' CODEC(ZSTD(1)),
    site            LowCardinality(String)         COMMENT 'The name of the site in its settings' CODEC(ZSTD(1)),
    kind            LowCardinality(String)         COMMENT 'page_view, request, document, database, event, sign_in, sign_out, consent or cookie' CODEC(ZSTD(1)),
    host            LowCardinality(String)         COMMENT 'The Host header' CODEC(ZSTD(1)),
    method          LowCardinality(String)         COMMENT 'The HTTP method, or WEBSOCKET' CODEC(ZSTD(1)),
    path            String                         COMMENT 'The path, scrubbed of secrets and billing data' CODEC(ZSTD(1)),
    query           String                         COMMENT 'The query string, scrubbed; empty on anonymous rows' CODEC(ZSTD(1)),
    route           LowCardinality(String)         COMMENT 'The pattern of the app that the path matched, where its router says it' CODEC(ZSTD(1)),
    status          UInt16                         COMMENT 'The HTTP status' CODEC(ZSTD(1)),
    bytes           UInt64                         COMMENT 'Bytes of the response body' CODEC(T64, ZSTD(1)),
    duration_us     UInt32                         COMMENT 'Microseconds from the arrival of the request to the end of its response' CODEC(T64, ZSTD(1)),
    referrer        String                         COMMENT 'The referrer, scrubbed; of anonymous rows only its origin' CODEC(ZSTD(1)),
    referrer_host   LowCardinality(String)         COMMENT 'The host of the referrer; empty where it is this site' CODEC(ZSTD(1)),
    source          LowCardinality(String)         COMMENT 'Where the visitor came from: a search engine, a network, a site, or utm_source' CODEC(ZSTD(1)),
    channel         LowCardinality(String)         COMMENT 'The kind of source: Direct, Organic Search, Referral, Email, …; Internal within the site' CODEC(ZSTD(1)),
    utm_source      LowCardinality(String)         COMMENT 'The campaign parameter of that name' CODEC(ZSTD(1)),
    utm_medium      LowCardinality(String)         COMMENT 'The campaign parameter of that name' CODEC(ZSTD(1)),
    utm_campaign    LowCardinality(String)         COMMENT 'The campaign parameter of that name' CODEC(ZSTD(1)),
    utm_term        String                         COMMENT 'The campaign parameter of that name' CODEC(ZSTD(1)),
    utm_content     String                         COMMENT 'The campaign parameter of that name' CODEC(ZSTD(1)),
    browser         LowCardinality(String)         COMMENT 'The family of the browser' CODEC(ZSTD(1)),
    browser_version LowCardinality(String)         COMMENT 'Its version; empty on anonymous rows' CODEC(ZSTD(1)),
    os              LowCardinality(String)         COMMENT 'The family of the operating system' CODEC(ZSTD(1)),
    os_version      LowCardinality(String)         COMMENT 'Its version; empty on anonymous rows' CODEC(ZSTD(1)),
    device          LowCardinality(String)         COMMENT 'desktop, mobile, tablet, tv, console, bot or other' CODEC(ZSTD(1)),
    bot             LowCardinality(String)         COMMENT 'Empty for people; otherwise the name of the robot, or why it is taken for one' CODEC(ZSTD(1)),
    user_agent      String                         COMMENT 'The User-Agent header; empty on anonymous rows of people' CODEC(ZSTD(1)),
    ip              String                         COMMENT 'The network the request came from, /24 or /48; never the whole address' CODEC(ZSTD(1)),
    country         LowCardinality(String)         COMMENT 'ISO 3166-1 alpha-2, from the header that a trusted proxy sets' CODEC(ZSTD(1)),
    language        LowCardinality(String)         COMMENT 'The first language of Accept-Language; empty on anonymous rows' CODEC(ZSTD(1)),
    visitor_id      UUID                           COMMENT 'The browser that agreed to be recognised; the zero UUID where nobody may be' CODEC(ZSTD(1)),
    visit_number    UInt32                         COMMENT 'The how-manieth visit of the visitor, from 1; 0 where nobody may be recognised' CODEC(T64, ZSTD(1)),
    member_id       String                         COMMENT 'The member who was signed in, with analytics granted; empty otherwise' CODEC(ZSTD(1)),
    member_how      LowCardinality(String)         COMMENT 'login or remembered' CODEC(ZSTD(1)),
    purposes        Array(LowCardinality(String))  COMMENT 'The purposes that were granted when it happened' CODEC(ZSTD(1)),
    policy_version  UInt16                         COMMENT 'The privacy policy that was in force when it happened' CODEC(ZSTD(1)),
    consent_source  LowCardinality(String)         COMMENT 'Where the choice came from: banner, preferences, account, gpc; empty while undecided' CODEC(ZSTD(1)),
    gpc             Bool                           COMMENT 'Whether the browser sent a Global Privacy Control signal' CODEC(ZSTD(1)),
    name            String                         COMMENT 'Of the document, the database, the event or the cookie' CODEC(ZSTD(1)),
    props           Map(LowCardinality(String), String) COMMENT 'What else the app said of an event' CODEC(ZSTD(1)),
    visit_id        UInt64 ALIAS cityHash64(visitor_id, visit_number) COMMENT 'One visit: visitor and number in one'
)
ENGINE = {replicated}MergeTree
PARTITION BY toYYYYMM(time)
ORDER BY (site, toDate(time), visitor_id, time)
TTL toDateTime(time) + INTERVAL 25 MONTH DELETE WHERE visitor_id != toUUID('00000000-0000-0000-0000-000000000000')
SETTINGS {window} = 10000
COMMENT 'Every page view, request, document and database use, sign-in, choice and dropped cookie';

-- What became of every request: so many rows, so many dropped for this reason, so many for that one.
CREATE TABLE IF NOT EXISTS {database}.accounting{local}{on_cluster}
(
    day      Date                   COMMENT 'UTC',
    site     LowCardinality(String) COMMENT 'The name of the site in its settings',
    outcome  LowCardinality(String) COMMENT 'row, or the reason why the request became none',
    source   LowCardinality(String) COMMENT 'journal or import',
    batch    String                 COMMENT 'The batch that the requests came in',
    requests UInt64                 COMMENT 'How many requests',
    arrived  DateTime('UTC') DEFAULT now() COMMENT 'When the batch came; of counts that were put together, the last one'
)
ENGINE = {replicated}MergeTree
ORDER BY (site, day, outcome, source)
TTL arrived + INTERVAL 30 DAY GROUP BY site, day, outcome, source SET requests = sum(requests), batch = substring(min(batch), 1, 0), arrived = max(arrived)
SETTINGS {window} = 10000
COMMENT 'Requests served = rows + reasons';

-- Which lines of which log files are in already.
CREATE TABLE IF NOT EXISTS {database}.imports{local}{on_cluster}
(
    source      String                 COMMENT 'What the file is known by: a digest of its first lines',
    first_line  UInt64                 COMMENT 'The first line of this piece, from 1',
    lines       UInt64                 COMMENT 'How many lines the piece has',
    bytes       UInt64                 COMMENT 'Where the piece ends in the unpacked file',
    digest      String                 COMMENT 'Of the file from its beginning to there',
    file        String                 COMMENT 'Its name when it was imported, without its folders',
    site        LowCardinality(String) COMMENT 'The site it was imported for',
    imported_at DateTime('UTC')        COMMENT 'When its rows were in; 1970 of one that was only planned'
)
ENGINE = {replicated}MergeTree
ORDER BY (site, source, first_line)
SETTINGS {window} = 10000
COMMENT 'The ledger of footfall import';

-- Whose an event is: the member who was signed in, or, before the first sign-in of the same visit, that member.
-- What comes after a sign-out carries no member and is nobody's; so a second member inherits nothing.
CREATE OR REPLACE VIEW {database}.member_events{on_cluster} AS
SELECT
    events.*,
    multiIf(events.member_id != '', events.member_id, events.time < visits.since, visits.member, '') AS linked_member_id
FROM {database}.events AS events
LEFT JOIN
(
    SELECT site, visitor_id, visit_number, argMin(member_id, time) AS member, min(time) AS since
    FROM {database}.events
    WHERE member_id != '' AND visit_number > 0
    GROUP BY site, visitor_id, visit_number
) AS visits USING (site, visitor_id, visit_number);
