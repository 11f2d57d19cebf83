"""A column for phrases that run over the end of a page. FTS5 tables cannot be altered."""

from django.db import migrations

TABLES = ("search_text_all", "search_text_public")


def rebuild(columns, kept):
    def operation(apps, schema_editor):
        if schema_editor.connection.vendor != "sqlite":
            return
        for table in TABLES:
            schema_editor.execute(f"ALTER TABLE {table} RENAME TO {table}_old")
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {table} USING fts5({columns}, tokenize='ascii')"
            )
            schema_editor.execute(
                f"INSERT INTO {table} (rowid, {kept}) SELECT rowid, {kept} FROM {table}_old"
            )
            schema_editor.execute(f"DROP TABLE {table}_old")

    return operation


class Migration(migrations.Migration):
    dependencies = [("search", "0003_fingerprint_and_end")]
    operations = [
        migrations.RunPython(
            rebuild("title, body, seam, parts", "title, body, parts"),
            rebuild("title, body, parts", "title, body, parts"),
        )
    ]
