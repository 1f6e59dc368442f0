"""The transactional store: sessions, remember-me, and the proof of consent."""

from footfall.store.errors import StoreUnavailable
from footfall.store.location import open_store
from footfall.store.protocol import Store

__all__ = ["Store", "StoreUnavailable", "open_store"]
