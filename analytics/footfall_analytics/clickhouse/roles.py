"""Roles of a ClickHouse server: analysts see visits and no person, few see members, the app writes.

The embedded engine has no users; there, who may read the directory sees all.
"""

from __future__ import annotations

from footfall_analytics.clickhouse.layout import ONE_PLACE, Layout

#: What tells who a visitor is, or helps to find out.
PERSONAL = ("member_id", "member_how", "user_agent", "ip")
_PERSONAL_OF_VISITS = ("members", "first_member", "first_member_at")

_ROLES = ("footfall_analyst", "footfall_members", "footfall_writer")

#: Rows of people are for those who were told of analytics; rows of nobody are for all.
_GRANTED = "visit_number = 0 OR has(purposes, 'analytics')"

_FREE = ("accounting", "imports", "purpose_terms", "schema_versions")


def role_statements(database: str, layout: Layout = ONE_PLACE) -> list[str]:
    """The SQL that makes the roles and what they see; an administrator runs it, and grants the roles to users."""
    on = layout.on_cluster
    return [
        *(f"CREATE ROLE IF NOT EXISTS {role}{on}" for role in _ROLES),
        _view("analyst_events", "events", PERSONAL, database, on),
        _view("analyst_visits", "visits", _PERSONAL_OF_VISITS, database, on),
        *_grants(f"`{database}`", on),
        *_row_policies(f"`{database}`", layout),
        *_profile(layout),
    ]


def _view(name: str, table: str, hidden: tuple[str, ...], database: str, on: str) -> str:
    """With the rights of whoever made it, so that the tables behind it need not be granted."""
    return (
        f"CREATE OR REPLACE VIEW `{database}`.{name}{on} DEFINER = CURRENT_USER SQL SECURITY DEFINER\n"  # noqa: S608
        f"AS SELECT * EXCEPT ({', '.join(hidden)}) FROM `{database}`.{table}"
    )


def _grants(database: str, on: str) -> list[str]:
    free = [f"GRANT{on} SELECT ON {database}.{table} TO footfall_analyst" for table in _FREE]
    rights = "SELECT, INSERT, ALTER, CREATE, DROP VIEW, TRUNCATE"
    return [
        f"GRANT{on} SELECT ON {database}.analyst_events TO footfall_analyst",
        f"GRANT{on} SELECT ON {database}.analyst_visits TO footfall_analyst",
        *free,
        f"GRANT{on} SELECT ON {database}.* TO footfall_members",
        f"GRANT{on} {rights} ON {database}.* TO footfall_writer",
        f"GRANT{on} SYSTEM MERGES ON {database}.* TO footfall_writer",
    ]


def _row_policies(database: str, layout: Layout) -> list[str]:
    table = f"{database}.events_local" if layout.cluster else f"{database}.events"
    on = layout.on_cluster
    return [
        f"CREATE ROW POLICY IF NOT EXISTS footfall_granted{on} ON {table} FOR SELECT USING {_GRANTED} "
        "TO footfall_analyst, footfall_members",
        f"CREATE ROW POLICY IF NOT EXISTS footfall_all{on} ON {table} FOR SELECT USING 1 "
        "TO ALL EXCEPT footfall_analyst, footfall_members",
    ]


def _profile(layout: Layout) -> list[str]:
    """A join by visitor stays on its shard; an insert is acknowledged when the shards have it."""
    if not layout.cluster:
        return []
    settings = "distributed_product_mode = 'local', distributed_foreground_insert = 1"
    return [
        f"CREATE SETTINGS PROFILE IF NOT EXISTS footfall{layout.on_cluster} SETTINGS {settings} TO {', '.join(_ROLES)}"
    ]
