"""The full-text tables: FTS5 on SQLite, a tsvector per page on PostgreSQL.

On SQLite there are two virtual tables, so that the statistics of public things know nothing
of the others. Both hold tokens that are separated by spaces already; the `ascii` tokenizer leaves
every other character alone.
"""

from django.db import migrations

SQLITE_TABLES = ("search_text_all", "search_text_public")


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in SQLITE_TABLES:
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {table} USING fts5(title, body, parts, tokenize='ascii')"
            )
    elif schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE search_entrypage ADD COLUMN vector tsvector")
        schema_editor.execute(
            "CREATE INDEX search_page_vector ON search_entrypage USING gin (vector)"
        )
        schema_editor.execute(
            "CREATE INDEX search_page_public_vector ON search_entrypage USING gin (vector)"
            " WHERE public"
        )


def unmake(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in SQLITE_TABLES:
            schema_editor.execute(f"DROP TABLE {table}")
    elif schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE search_entrypage DROP COLUMN vector")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(make, unmake)]
