"""Settings: base for all, then dev (SQLite, loopback), test and production."""
