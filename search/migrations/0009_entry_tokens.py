"""The tokens of a record in one vector on PostgreSQL, so that a record is looked up, not its pages."""

import django.db.models.deletion
from django.db import migrations, models


def make(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("ALTER TABLE search_entrytokens ADD COLUMN vector tsvector")
    schema_editor.execute(
        "INSERT INTO search_entrytokens (entry_id, public, vector)"
        " SELECT entry_id, bool_or(public), array_to_tsvector(array_agg(DISTINCT lexeme))"
        " FROM search_entrypage p, unnest(p.vector) GROUP BY entry_id"
    )
    schema_editor.execute("CREATE INDEX search_tokens_vector ON search_entrytokens USING gin (vector)")
    schema_editor.execute(
        "CREATE INDEX search_tokens_public_vector ON search_entrytokens USING gin (vector)"
        " WHERE public"
    )


class Migration(migrations.Migration):
    dependencies = [("search", "0008_document_rows")]
    operations = [
        migrations.CreateModel(
            name="EntryTokens",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public", models.BooleanField(default=False)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tokens",
                        to="search.entry",
                    ),
                ),
            ],
        ),
        migrations.RunPython(make, migrations.RunPython.noop),
    ]
