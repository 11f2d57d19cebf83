"""One full-text row per record on SQLite, for large indexes; how common tokens are; what is built."""

from django.db import migrations, models

SQLITE_TABLES = ("search_record_all", "search_record_public")


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in SQLITE_TABLES:
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {table} USING"
                " fts5(title, body, seam, parts, tokenize='ascii')"
            )


def unmake(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in SQLITE_TABLES:
            schema_editor.execute(f"DROP TABLE {table}")


class Migration(migrations.Migration):
    dependencies = [("search", "0007_saved_searches")]
    operations = [
        migrations.CreateModel(
            name="EmbeddedState",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("phase", models.CharField(blank=True, max_length=10)),
                ("number", models.BigIntegerField(default=0)),
                ("changed", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name="TokenCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "public",
                        "token",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("public", models.BooleanField()),
                ("token", models.CharField(max_length=64)),
                ("rows", models.PositiveIntegerField()),
            ],
        ),
        migrations.RunPython(make, unmake),
    ]
