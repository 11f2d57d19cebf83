"""DATABASE_URL to Django's DATABASES entry, with our way of opening SQLite."""

from typing import Any

import environ

from portal.settings.sqlite import sqlite_database


def database_from(env: environ.Env, *, default: str | None = None) -> dict[str, Any]:
    """Return the default database's settings from DATABASE_URL.

    `default` is a URL used when the variable is not set; without it a missing variable raises
    ImproperlyConfigured.
    """
    parsed: dict[str, Any] = (
        env.db_url("DATABASE_URL")
        if default is None
        else env.db_url("DATABASE_URL", default=default)
    )
    if parsed["ENGINE"].endswith("sqlite3"):
        return sqlite_database(parsed["NAME"])
    parsed.setdefault("CONN_MAX_AGE", 60)
    parsed.setdefault("CONN_HEALTH_CHECKS", True)
    return parsed
