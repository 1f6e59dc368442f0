"""The store on a PostgreSQL server, with psycopg 3 and its pool: the extra ``postgres``."""

from footfall.store.postgresql.address import address_of
from footfall.store.postgresql.store import PostgreSQLStore

__all__ = ["PostgreSQLStore", "address_of"]
