-- A visit is counted where it began, so that one row is one visit however long after midnight it went on.
ALTER TABLE {database}.events{local}{on_cluster} ADD COLUMN IF NOT EXISTS visit_started DateTime('UTC') COMMENT 'When the visit began, by its cookie; 1970 where nobody may be recognised, and on rows older than this column' CODEC(ZSTD(1)) AFTER visit_number;

-- One row is what one batch knew of one visit; ClickHouse merges the rows of a visit into one. Ask the view visits.
CREATE TABLE IF NOT EXISTS {database}.visit_states{local}{on_cluster}
(
    site         LowCardinality(String)                               COMMENT 'The name of the site in its settings' CODEC(ZSTD(1)),
    day          Date                                                 COMMENT 'The day on which the visit began, UTC' CODEC(ZSTD(1)),
    visitor_id   UUID                                                 COMMENT 'The browser that agreed to be recognised' CODEC(ZSTD(1)),
    visit_number UInt32                                               COMMENT 'The how-manieth visit of the visitor, from 1' CODEC(T64, ZSTD(1)),
    bot          LowCardinality(String)                               COMMENT 'Empty for people; otherwise the name of the robot, or why it is taken for one' CODEC(ZSTD(1)),
    started      SimpleAggregateFunction(min, DateTime64(3, 'UTC'))   COMMENT 'Its first event' CODEC(ZSTD(1)),
    ended        SimpleAggregateFunction(max, DateTime64(3, 'UTC'))   COMMENT 'Its last event' CODEC(ZSTD(1)),
    events       SimpleAggregateFunction(sum, UInt64)                 COMMENT 'Events of all kinds' CODEC(T64, ZSTD(1)),
    page_views   SimpleAggregateFunction(sum, UInt64)                 COMMENT 'Events of that kind' CODEC(T64, ZSTD(1)),
    requests     SimpleAggregateFunction(sum, UInt64)                 COMMENT 'Page views and other requests' CODEC(T64, ZSTD(1)),
    documents    SimpleAggregateFunction(sum, UInt64)                 COMMENT 'Clicks on documents, double-clicks not folded' CODEC(T64, ZSTD(1)),
    databases    SimpleAggregateFunction(sum, UInt64)                 COMMENT 'Clicks on databases, double-clicks not folded' CODEC(T64, ZSTD(1)),
    bytes        SimpleAggregateFunction(sum, UInt64)                 COMMENT 'Bytes of the response bodies of its requests' CODEC(T64, ZSTD(1)),
    entry        SimpleAggregateFunction(min, Tuple(rank UInt8, at DateTime64(3, 'UTC'), path String)) COMMENT 'The event it began with: the first page view (rank 0), or else the first request (1), or else the first event (2)' CODEC(ZSTD(1)),
    origin       SimpleAggregateFunction(min, Tuple(rank UInt8, at DateTime64(3, 'UTC'), source String, channel String, referrer_host String, utm_source String, utm_medium String, utm_campaign String, utm_term String, utm_content String)) COMMENT 'Where it came from: of the choice it began with, where the page that asked told; or else of the same event' CODEC(ZSTD(1)),
    exit         SimpleAggregateFunction(max, Tuple(at DateTime64(3, 'UTC'), path String)) COMMENT 'Its last page view; 1970 and empty where there is none' CODEC(ZSTD(1)),
    first_member SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String)) COMMENT 'The first event made signed in, and by whom; 2200 and empty where there is none' CODEC(ZSTD(1)),
    members      SimpleAggregateFunction(groupUniqArrayArray, Array(String)) COMMENT 'All members who were signed in during the visit' CODEC(ZSTD(1)),
    browser      SimpleAggregateFunction(min, LowCardinality(String)) COMMENT 'The family of the browser' CODEC(ZSTD(1)),
    os           SimpleAggregateFunction(min, LowCardinality(String)) COMMENT 'The family of the operating system' CODEC(ZSTD(1)),
    device       SimpleAggregateFunction(min, LowCardinality(String)) COMMENT 'desktop, mobile, tablet, tv, console, bot or other' CODEC(ZSTD(1)),
    country      SimpleAggregateFunction(min, LowCardinality(String)) COMMENT 'ISO 3166-1 alpha-2; where it changed, the first in the alphabet' CODEC(ZSTD(1)),
    language     SimpleAggregateFunction(min, LowCardinality(String)) COMMENT 'Of Accept-Language; where it changed, the first in the alphabet' CODEC(ZSTD(1)),
    INDEX ended_within ended TYPE minmax GRANULARITY 1
)
ENGINE = {replicated}AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (site, day, visitor_id, visit_number, bot)
TTL day + INTERVAL 25 MONTH
SETTINGS index_granularity = 512, {window} = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What is known of each visit, in one row or several; the view visits puts them together';

CREATE MATERIALIZED VIEW IF NOT EXISTS {database}.visit_feed{on_cluster} TO {database}.visit_states{local} AS
WITH
    multiIf(kind = 'page_view', 0, kind = 'request', 1, 2)::UInt8 AS rank,
    -- The choice that a visit begins with comes before its first page view, which the site itself led to.
    if(kind = 'consent' AND mapContains(props, 'entry'), 0, rank)::UInt8 AS origin_rank
SELECT
    site,
    toDate(min(if(toUnixTimestamp(visit_started) = 0, toDateTime(time, 'UTC'), visit_started))) AS day,
    visitor_id,
    visit_number,
    bot,
    min(time) AS started,
    max(time) AS ended,
    count() AS events,
    countIf(kind = 'page_view') AS page_views,
    countIf(kind IN ('page_view', 'request')) AS requests,
    countIf(kind = 'document') AS documents,
    countIf(kind = 'database') AS databases,
    sumIf(bytes, kind IN ('page_view', 'request')) AS bytes,
    min((rank, time, path)) AS entry,
    min((
        origin_rank, time, source::String, channel::String, referrer_host::String,
        utm_source::String, utm_medium::String, utm_campaign::String, utm_term, utm_content
    )) AS origin,
    max(if(kind = 'page_view', (time, path), (toDateTime64(0, 3, 'UTC'), ''))) AS exit,
    min(if(member_id != '', (time, member_id), (toDateTime64('2200-01-01 00:00:00', 3, 'UTC'), ''))) AS first_member,
    groupUniqArrayIf(member_id, member_id != '') AS members,
    min(browser) AS browser,
    min(os) AS os,
    min(device) AS device,
    min(country) AS country,
    min(language) AS language
FROM {database}.events{local}
WHERE visit_number > 0
GROUP BY site, visitor_id, visit_number, bot;

-- Visits, one row each. Times are of events, so a visit of one request has no duration.
-- Never entry.path beside FINAL: ClickHouse reads such a column alone, and takes it from any of the rows (26.9).
CREATE OR REPLACE VIEW {database}.visits{on_cluster}
(
    site            LowCardinality(String) COMMENT 'The name of the site in its settings',
    day             Date                   COMMENT 'The day on which the visit began, UTC; it is in the key, so a condition on it saves reading',
    visitor_id      UUID                   COMMENT 'The browser that agreed to be recognised',
    visit_number    UInt32                 COMMENT 'The how-manieth visit of the visitor, from 1',
    visit_id        UInt64                 COMMENT 'Visitor and number in one, as in events',
    bot             LowCardinality(String) COMMENT 'Empty for people; otherwise the name of the robot, or why it is taken for one',
    started         DateTime64(3, 'UTC')   COMMENT 'Its first event',
    ended           DateTime64(3, 'UTC')   COMMENT 'Its last event',
    seconds         Int64                  COMMENT 'From the first event to the last',
    events          UInt64                 COMMENT 'Events of all kinds',
    page_views      UInt64                 COMMENT 'Events of that kind',
    requests        UInt64                 COMMENT 'Page views and other requests',
    documents       UInt64                 COMMENT 'Clicks on documents, double-clicks not folded',
    databases       UInt64                 COMMENT 'Clicks on databases, double-clicks not folded',
    bytes           UInt64                 COMMENT 'Bytes of the response bodies of its requests',
    bounced         Bool                   COMMENT 'Whether it had exactly one page view',
    entry_page      String                 COMMENT 'The path of its first page view; empty where it has none',
    exit_page       String                 COMMENT 'The path of its last page view; empty where it has none',
    source          String                 COMMENT 'Where the visit came from, as in events: of the choice it began with, or else its first page view, request or event',
    channel         String                 COMMENT 'The kind of source, of the same event',
    referrer_host   String                 COMMENT 'The host of the referrer, of the same event',
    utm_source      String                 COMMENT 'The campaign parameter of that name, of the same event',
    utm_medium      String                 COMMENT 'The campaign parameter of that name, of the same event',
    utm_campaign    String                 COMMENT 'The campaign parameter of that name, of the same event',
    utm_term        String                 COMMENT 'The campaign parameter of that name, of the same event',
    utm_content     String                 COMMENT 'The campaign parameter of that name, of the same event',
    browser         LowCardinality(String) COMMENT 'The family of the browser',
    os              LowCardinality(String) COMMENT 'The family of the operating system',
    device          LowCardinality(String) COMMENT 'desktop, mobile, tablet, tv, console, bot or other',
    country         LowCardinality(String) COMMENT 'ISO 3166-1 alpha-2; where it changed, the first in the alphabet',
    language        LowCardinality(String) COMMENT 'Of Accept-Language; where it changed, the first in the alphabet',
    members         Array(String)          COMMENT 'All members who were signed in during the visit',
    first_member    String                 COMMENT 'The member who signed in first, to whom what came before belongs; empty where nobody did',
    first_member_at DateTime64(3, 'UTC')   COMMENT 'The first event made signed in; 2200 where there is none'
)
AS
SELECT
    site,
    day,
    visitor_id,
    visit_number,
    cityHash64(visitor_id, visit_number) AS visit_id,
    bot,
    started,
    ended,
    dateDiff('second', started, ended) AS seconds,
    events,
    page_views,
    requests,
    documents,
    databases,
    bytes,
    (page_views = 1)::Bool AS bounced,
    if(tupleElement(entry, 'rank') = 0, tupleElement(entry, 'path'), '') AS entry_page,
    tupleElement(exit, 'path') AS exit_page,
    tupleElement(origin, 'source') AS source,
    tupleElement(origin, 'channel') AS channel,
    tupleElement(origin, 'referrer_host') AS referrer_host,
    tupleElement(origin, 'utm_source') AS utm_source,
    tupleElement(origin, 'utm_medium') AS utm_medium,
    tupleElement(origin, 'utm_campaign') AS utm_campaign,
    tupleElement(origin, 'utm_term') AS utm_term,
    tupleElement(origin, 'utm_content') AS utm_content,
    browser,
    os,
    device,
    country,
    language,
    arraySort(members) AS members,
    tupleElement(visit_states.first_member, 'id') AS first_member,
    tupleElement(visit_states.first_member, 'at') AS first_member_at
FROM {database}.visit_states FINAL;

-- What members did signed in, beside each other: a member's rows are read from one place and not from every day's.
CREATE TABLE IF NOT EXISTS {database}.member_log{local}{on_cluster}
(
    member_id      String                        COMMENT 'The member who was signed in' CODEC(ZSTD(1)),
    time           DateTime64(3, 'UTC')          COMMENT 'When it happened' CODEC(ZSTD(1)),
    site           LowCardinality(String)        COMMENT 'The name of the site in its settings' CODEC(ZSTD(1)),
    kind           LowCardinality(String)        COMMENT 'As in events' CODEC(ZSTD(1)),
    path           String                        COMMENT 'The path, scrubbed' CODEC(ZSTD(1)),
    name           String                        COMMENT 'Of the document, the database or the event' CODEC(ZSTD(1)),
    status         UInt16                        COMMENT 'The HTTP status' CODEC(ZSTD(1)),
    browser        LowCardinality(String)        COMMENT 'The family of the browser' CODEC(ZSTD(1)),
    os             LowCardinality(String)        COMMENT 'The family of the operating system' CODEC(ZSTD(1)),
    device         LowCardinality(String)        COMMENT 'desktop, mobile, tablet, tv, console, bot or other' CODEC(ZSTD(1)),
    bot            LowCardinality(String)        COMMENT 'Empty for people' CODEC(ZSTD(1)),
    visitor_id     UUID                          COMMENT 'The browser it was done with' CODEC(ZSTD(1)),
    visit_number   UInt32                        COMMENT 'The how-manieth visit of that browser' CODEC(ZSTD(1)),
    visit_started  DateTime('UTC')               COMMENT 'When the visit began, by its cookie' CODEC(ZSTD(1)),
    member_how     LowCardinality(String)        COMMENT 'login or remembered' CODEC(ZSTD(1)),
    purposes       Array(LowCardinality(String)) COMMENT 'The purposes that were granted when it happened' CODEC(ZSTD(1)),
    policy_version UInt16                        COMMENT 'The privacy policy that was in force when it happened' CODEC(ZSTD(1)),
    batch          String                        COMMENT 'The batch that the row arrived in' CODEC(ZSTD(1))
)
ENGINE = {replicated}MergeTree
PARTITION BY toYear(time)
ORDER BY (member_id, time)
TTL toDateTime(time) + INTERVAL 25 MONTH
SETTINGS index_granularity = 512, {window} = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'A copy of what members did signed in, ordered by member';

CREATE MATERIALIZED VIEW IF NOT EXISTS {database}.member_feed{on_cluster} TO {database}.member_log{local} AS
SELECT
    member_id, time, site, kind, path, name, status, browser, os, device, bot,
    visitor_id, visit_number, visit_started, member_how, purposes, policy_version, batch
FROM {database}.events{local}
WHERE member_id != '';

-- Whose an event is: the member who was signed in, or, before the first sign-in of the same visit, that member.
-- What comes after a sign-out carries no member and is nobody's; so a second member inherits nothing.
-- Only visits that began without their member are joined, by one number for the whole key, which is then looked at again.
CREATE OR REPLACE VIEW {database}.member_events{on_cluster} AS
SELECT
    events.*,
    multiIf(
        events.member_id != '', events.member_id,
        events.time < signed.since AND events.visitor_id = signed.visitor AND events.visit_number = signed.number, signed.member,
        ''
    ) AS linked_member_id
FROM {database}.events AS events
ANY LEFT JOIN
(
    SELECT
        cityHash64(site, visitor_id, visit_number) AS visit_key,
        visitor_id AS visitor,
        visit_number AS number,
        tupleElement(first_member, 'id') AS member,
        tupleElement(first_member, 'at') AS since
    FROM {database}.visit_states FINAL
    WHERE member != '' AND since > started
) AS signed ON cityHash64(events.site, events.visitor_id, events.visit_number) = signed.visit_key;
