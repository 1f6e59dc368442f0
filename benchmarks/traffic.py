"""Made-up traffic of one site over half a year, made inside the engine from ``numbers()``, the same every time.

Visits have 3.4 page views in the mean, every visitor four visits, every fifth visitor is a member; pages and documents
have a long tail, times are to the millisecond, referrers name the page before.
"""

from __future__ import annotations

from clickhouse_connect.driver.client import Client

#: Visits made by one INSERT.
_AT_ONCE = 200_000

_MAKE = """
INSERT INTO {database}.events (
    time, site, kind, host, method, path, route, status, bytes, duration_us, referrer, referrer_host, source, channel,
    utm_source, utm_medium, utm_campaign, browser, browser_version, os, os_version, device, user_agent, ip, country,
    language, visitor_id, visit_number, visit_started, member_id, member_how, purposes, policy_version, consent_source,
    name, batch)
WITH
    number + {first} AS visit,
    cityHash64(visit) AS dice,
    visit % {visitors} AS who,
    cityHash64(who, 'who') AS trait,
    toDateTime64('2026-01-01 00:00:00', 3, 'UTC')
        + toIntervalSecond(intDiv(visit * 15552000, {visits}) + dice % 3600) AS began,
    toUInt8(1 + least(19, toUInt32(-log(1 - (dice % 10007) / 10007) * 2.85))) AS pages,
    who % 5 = 0 AS is_member,
    arrayConcat(
        arrayMap(i -> (i, 'page_view'), range(pages)),
        arrayMap(
            i -> (i % pages, if(cityHash64(dice, i, 'kind') % 2, 'document', 'database')),
            range(multiIf(dice % 5 = 0, 4, dice % 3 = 0, 1, 0))),
        if(is_member AND dice % 4 = 0, [(toUInt8(0), 'sign_in')], [])) AS steps,
    arrayJoin(steps) AS step,
    step.1 AS i,
    step.2 AS what,
    what = 'page_view' AS is_page,
    cityHash64(dice, i, what) AS chance,
    toUInt32(pow(chance % 100003 / 100003, 3) * 20000) AS page,
    toUInt32(pow(cityHash64(dice, i - 1, 'page_view') % 100003 / 100003, 3) * 20000) AS page_before,
    i = 0 AND is_page AS is_entry,
    1 + trait % 5 AS came_by
SELECT
    began + toIntervalMillisecond(i * 20000 + chance % 40000),
    'main', what, 'www.example.com', 'GET',
    multiIf(NOT is_page, concat('/', what), page = 0, '/', concat('/articles/', toString(page))),
    if(is_page, '/articles/{{id}}', concat('/', what)),
    200, if(is_page, 3000 + cityHash64(page) % 20000, 0), if(is_page, 800 + chance % 9000, 0),
    if(is_entry,
       ['', 'https://www.google.com/', 'https://news.ycombinator.com/', 'https://t.co/x', 'https://example.org/'][came_by],
       concat('https://www.example.com/articles/', toString(page_before))),
    if(is_entry, ['', 'www.google.com', 'news.ycombinator.com', 't.co', 'example.org'][came_by], ''),
    if(is_entry, ['', 'Google', 'Hacker News', 'Twitter', 'example.org'][came_by], ''),
    if(is_entry, ['Direct', 'Organic Search', 'Referral', 'Organic Social', 'Referral'][came_by], 'Internal'),
    if(is_entry AND dice % 20 = 0, 'newsletter', ''), if(is_entry AND dice % 20 = 0, 'email', ''),
    if(is_entry AND dice % 20 = 0, concat('week-', toString(dice % 50)), ''),
    ['Chrome', 'Firefox', 'Safari', 'Edge'][1 + trait % 4], toString(100 + trait % 40),
    ['Windows', 'macOS', 'Linux', 'iOS', 'Android'][1 + trait % 5], toString(trait % 15),
    ['desktop', 'mobile', 'tablet'][1 + trait % 3],
    concat('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/', toString(100 + trait % 40),
           '.0.0.0 Safari/537.36'),
    concat(toString(1 + cityHash64(trait % 40000) % 223), '.', toString(cityHash64(trait % 40000, 1) % 256), '.',
           toString(cityHash64(trait % 40000, 2) % 256), '.0'),
    ['DE', 'US', 'FR', 'NL', 'GB', 'PL'][1 + trait % 6], ['de', 'en-US', 'fr', 'nl'][1 + trait % 4],
    reinterpretAsUUID(concat(reinterpretAsFixedString(trait), reinterpretAsFixedString(cityHash64(trait)))),
    intDiv(visit, {visitors}) + 1, toDateTime(began),
    if(is_member AND (dice % 4 != 0 OR i > 0 OR what = 'sign_in'), concat('member-', toString(who)), ''),
    if(is_member, 'login', ''), ['analytics', 'necessary', 'preferences'], 3, 'banner',
    multiIf(what = 'document', concat('doc-', toString(intDiv(page, 7)), '.pdf'),
            what = 'database', concat('db-', toString(intDiv(page, 350))), ''),
    'made-{first}'
FROM numbers({count})
"""


def make(client: Client, database: str, visits: int) -> int:
    """Fill the table of events; the number of page views."""
    visitors = max(1, visits // 4)
    for first in range(0, visits, _AT_ONCE):
        count = min(_AT_ONCE, visits - first)
        client.command(_MAKE.format(database=database, first=first, count=count, visits=visits, visitors=visitors))
    return int(client.query(f"SELECT countIf(kind = 'page_view') FROM {database}.events").result_rows[0][0])  # noqa: S608
