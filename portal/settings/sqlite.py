"""How SQLite is opened: one place, for development, tests and small installations."""

from pathlib import Path
from typing import Any


def sqlite_database(path: str | Path) -> dict[str, Any]:
    """Return Django's settings for the database file at `path`.

    WAL and IMMEDIATE transactions with a 20 s wait: with deferred transactions concurrent
    writers fail with "database is locked".
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
