"""What is kept: tables and queries (the only SQL of the project), blobs, and the lock on a data folder.

SQLite and PostgreSQL are served by the same statements. Everything here blocks and is called in threads.
"""

from vivavoce.storage.blobs import open_blobs
from vivavoce.storage.database import default_url
from vivavoce.storage.lock import SqliteLock
from vivavoce.storage.store import open_store

__all__ = ["SqliteLock", "default_url", "open_blobs", "open_store"]
