"""Titles' keys, and the words of titles and texts under the labels that show them.

On SQLite the three tables of words are made without row numbers: their keys are all they hold. On
PostgreSQL words are compared byte by byte, so that a beginning is a range.
"""

import django.db.models.deletion
from django.db import migrations, models

TABLES = {
    "search_head": (
        "label varchar(60) NOT NULL, word varchar(64){c} NOT NULL, entry bigint NOT NULL,"
        " place smallint NOT NULL, PRIMARY KEY (label, word, entry)"
    ),
    "search_labelword": (
        "word varchar(64){c} NOT NULL, label varchar(60) NOT NULL, PRIMARY KEY (word, label)"
    ),
    "search_spelling": (
        "cut varchar(64){c} NOT NULL, word varchar(64){c} NOT NULL, PRIMARY KEY (cut, word)"
    ),
}


def make(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, columns in TABLES.items():
        columns = columns.format(c=' COLLATE "C"' if postgresql else "")
        ending = "" if postgresql else " WITHOUT ROWID"
        schema_editor.execute(f"CREATE TABLE {table} ({columns}){ending}")
    schema_editor.execute("CREATE INDEX search_head_entry ON search_head (entry)")


def unmake(apps, schema_editor):
    for table in TABLES:
        schema_editor.execute(f"DROP TABLE {table}")


class Migration(migrations.Migration):
    dependencies = [("search", "0005_feeds_and_withheld")]
    operations = [
        migrations.CreateModel(
            name="EntryTitle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="titles", to="search.entry")),
                ("key", models.CharField(max_length=16)),
            ],
            options={
                "indexes": [models.Index(fields=["key", "entry"], name="search_title_key")],
                "constraints": [models.UniqueConstraint(fields=("entry", "key"), name="search_title_once")],
            },
        ),
        migrations.CreateModel(
            name="EntryWords",
            fields=[
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="words", serialize=False, to="search.entry")),
                ("heads", models.TextField(blank=True)),
                ("vocabulary", models.BinaryField()),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(make, unmake)],
            state_operations=[
                migrations.CreateModel(
                    name="Head",
                    fields=[
                        ("pk", models.CompositePrimaryKey("label", "word", "entry", blank=True, editable=False, primary_key=True, serialize=False)),
                        ("label", models.CharField(max_length=60)),
                        ("word", models.CharField(max_length=64)),
                        ("entry", models.BigIntegerField(db_index=True)),
                        ("place", models.PositiveSmallIntegerField()),
                    ],
                ),
                migrations.CreateModel(
                    name="LabelWord",
                    fields=[
                        ("pk", models.CompositePrimaryKey("word", "label", blank=True, editable=False, primary_key=True, serialize=False)),
                        ("word", models.CharField(max_length=64)),
                        ("label", models.CharField(max_length=60)),
                    ],
                ),
                migrations.CreateModel(
                    name="Spelling",
                    fields=[
                        ("pk", models.CompositePrimaryKey("cut", "word", blank=True, editable=False, primary_key=True, serialize=False)),
                        ("cut", models.CharField(max_length=64)),
                        ("word", models.CharField(max_length=64)),
                    ],
                ),
            ],
        ),
    ]
