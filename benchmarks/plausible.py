"""The same traffic in the tables of Plausible, as far as its questions go: events and versioned, collapsing sessions.

Facts of its public schema: an event row for each page view, one more for each engagement with it, one for each custom
event with its properties as two arrays; ordered by site, day, name and user; a session row by site, day, user and
session. Written from these facts, in our own words.
"""

# ruff: noqa: S608 - no text of a user is in these statements

from __future__ import annotations

from clickhouse_connect.driver.client import Client

_TABLES = (
    """CREATE TABLE {database}.events (
    timestamp DateTime CODEC(Delta(4), LZ4), name LowCardinality(String), site_id UInt64, user_id UInt64,
    session_id UInt64, hostname String CODEC(ZSTD(3)), pathname String CODEC(ZSTD(3)), referrer String CODEC(ZSTD(3)),
    referrer_source String CODEC(ZSTD(3)), country_code FixedString(2), screen_size LowCardinality(String),
    operating_system LowCardinality(String), operating_system_version LowCardinality(String),
    browser LowCardinality(String), browser_version LowCardinality(String), utm_source String CODEC(ZSTD(3)),
    utm_medium String CODEC(ZSTD(3)), utm_campaign String CODEC(ZSTD(3)), channel LowCardinality(String),
    `meta.key` Array(String) CODEC(ZSTD(3)), `meta.value` Array(String) CODEC(ZSTD(3)), scroll_depth UInt8,
    engagement_time UInt32)
ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp)
PRIMARY KEY (site_id, toDate(timestamp), name, user_id) ORDER BY (site_id, toDate(timestamp), name, user_id, timestamp)
SAMPLE BY user_id""",
    """CREATE TABLE {database}.sessions (
    session_id UInt64, sign Int8, site_id UInt64, user_id UInt64, start DateTime CODEC(Delta(4), LZ4),
    timestamp DateTime CODEC(Delta(4), LZ4), is_bounce UInt8, entry_page String CODEC(ZSTD(3)),
    exit_page String CODEC(ZSTD(3)), pageviews Int32, events Int32, duration UInt32, referrer String CODEC(ZSTD(3)),
    referrer_source String CODEC(ZSTD(3)), country_code FixedString(2), screen_size LowCardinality(String),
    operating_system LowCardinality(String), operating_system_version LowCardinality(String),
    browser LowCardinality(String), browser_version LowCardinality(String), utm_source String CODEC(ZSTD(3)),
    utm_medium String CODEC(ZSTD(3)), utm_campaign String CODEC(ZSTD(3)), channel LowCardinality(String))
ENGINE = VersionedCollapsingMergeTree(sign, events) PARTITION BY toYYYYMM(start)
ORDER BY (site_id, toDate(start), user_id, session_id) SAMPLE BY user_id""",
)

#: The identifier is a hash with a salt of the day.
_USER = "cityHash64(visitor_id, toDate(visit_started))"
_SESSION = "cityHash64(visitor_id, visit_number)"

_FILL_EVENTS = f"""
INSERT INTO {{database}}.events
SELECT
    time + toIntervalSecond(if(name = 'engagement', 15, 0)),
    arrayJoin(if(kind = 'page_view', ['pageview', 'engagement'], [kind::String])) AS name,
    1, {_USER}, {_SESSION}, host, path, if(referrer_host = '', '', referrer), source, country, device, os, os_version,
    browser, browser_version, utm_source, utm_medium, utm_campaign, channel,
    multiIf(kind IN ('document', 'database'), ['name', 'member'], member_id != '', ['member'], []),
    multiIf(kind IN ('document', 'database'), [name_of, member_id], member_id != '', [member_id], []),
    if(name = 'engagement', 50, 0), if(name = 'engagement', 15000, 0)
FROM (SELECT * EXCEPT (name), name AS name_of FROM {{ours}}.events)"""

_FILL_SESSIONS = """
INSERT INTO {database}.sessions
SELECT
    visit_id, 1, 1, cityHash64(visitor_id, day), started, ended, bounced, entry_page, exit_page, page_views, events,
    seconds, referrer_host, source, country, device, os, '', browser, '', utm_source, utm_medium, utm_campaign, channel
FROM {ours}.visits"""

_EVENTS = "FROM {database}.events WHERE site_id = 1 AND timestamp >= '2026-01-01' AND timestamp < '2026-08-01'"
_SESSIONS = "FROM {database}.sessions WHERE site_id = 1 AND start >= '2026-01-01' AND start < '2026-08-01'"
_NAMED = "`meta.value`[indexOf(`meta.key`, 'name')]"
_MEMBER = "`meta.value`[indexOf(`meta.key`, 'member')]"
_CUSTOM = f"SELECT {_NAMED} AS item, uniq(user_id) AS visitors, count() AS events {_EVENTS} AND name = '{{name}}'"

#: Its question for each of our reports.
QUESTIONS = {
    "traffic": f"SELECT toDate(timestamp) AS day, uniq(user_id), countIf(name = 'pageview'), uniq(session_id) {_EVENTS}"
    " AND name != 'engagement' GROUP BY day ORDER BY day",
    "visits": "SELECT toDate(start) AS day, uniq(user_id), sum(sign), sum(sign * is_bounce) / sum(sign), "
    f"sum(sign * duration) / sum(sign), sum(sign * pageviews) / sum(sign) {_SESSIONS} GROUP BY day ORDER BY day",
    "pages": f"SELECT pathname, uniq(user_id) AS visitors, count(), uniq(session_id) {_EVENTS} AND name = 'pageview' "
    "GROUP BY pathname ORDER BY visitors DESC LIMIT 50",
    "entry": "SELECT entry_page, uniq(user_id) AS visitors, sum(sign), sum(sign * is_bounce), sum(sign * duration) "
    f"{_SESSIONS} GROUP BY entry_page ORDER BY visitors DESC LIMIT 50",
    "exit": "SELECT s.exit_page, s.visitors, s.exits / v.visits FROM (SELECT exit_page, uniq(user_id) AS visitors, "
    f"sum(sign) AS exits {_SESSIONS} GROUP BY exit_page) AS s INNER JOIN (SELECT pathname, count() AS visits {_EVENTS} "
    "AND name = 'pageview' GROUP BY pathname) AS v ON s.exit_page = v.pathname ORDER BY visitors DESC LIMIT 50",
    "sources": "SELECT referrer_source, channel, uniq(user_id) AS visitors, sum(sign), sum(sign * is_bounce), "
    f"sum(sign * duration) {_SESSIONS} GROUP BY referrer_source, channel ORDER BY visitors DESC LIMIT 50",
    "devices": "SELECT screen_size, browser, operating_system, uniq(user_id) AS visitors, sum(sign * pageviews) "
    f"{_SESSIONS} GROUP BY screen_size, browser, operating_system ORDER BY visitors DESC LIMIT 50",
    "documents": f"{_CUSTOM.replace('{name}', 'document')} GROUP BY item ORDER BY visitors DESC LIMIT 50",
    "databases": f"{_CUSTOM.replace('{name}', 'database')} GROUP BY item ORDER BY visitors DESC LIMIT 50",
    "members": f"SELECT {_MEMBER} AS member, count() AS events, uniq(session_id), min(timestamp), max(timestamp) "
    f"{_EVENTS} AND name != 'engagement' AND has(`meta.key`, 'member') GROUP BY member ORDER BY events DESC LIMIT 50",
    "timeline": f"SELECT timestamp, name, pathname, {_NAMED} {_EVENTS} AND {_MEMBER} = '{{member}}' "
    "ORDER BY timestamp DESC LIMIT 50",
    "funnel": "SELECT level, count() FROM (SELECT windowFunnel(86400)(timestamp, name = 'pageview' AND pathname = '/', "
    f"name = 'document', name = 'database') AS level {_EVENTS} GROUP BY user_id) GROUP BY level",
    "retention": "SELECT cohort, dateDiff('week', cohort, week) AS age, uniq(member) FROM (SELECT "
    f"{_MEMBER} AS member, toStartOfWeek(timestamp) AS week, min(week) OVER (PARTITION BY member) AS cohort {_EVENTS} "
    "AND has(`meta.key`, 'member') GROUP BY member, week) GROUP BY cohort, age ORDER BY cohort, age",
    "realtime": "SELECT uniq(user_id) FROM {database}.events WHERE site_id = 1 AND timestamp >= '2026-06-29 23:30:00' "
    "AND timestamp < '2026-06-30 00:00:00'",
}


def make(client: Client, database: str, ours: str) -> None:
    """Its tables, filled from ours."""
    client.command(f"CREATE DATABASE {database}")
    for sql in (*_TABLES, _FILL_EVENTS, _FILL_SESSIONS):
        client.command(sql.replace("{database}", database).replace("{ours}", ours))


def question(name: str, database: str, member: str) -> str:
    """The SQL of a question."""
    return QUESTIONS[name].replace("{database}", database).replace("{member}", member)
