"""Loads the vocabularies, so that every installation has them from its first minute."""

from django.db import migrations

from coalitions.network.vocabularies import load_vocabularies


def load(apps, schema_editor):
    load_vocabularies(
        theme=apps.get_model("network", "Theme"),
        article=apps.get_model("network", "ConventionArticle"),
        country=apps.get_model("network", "Country"),
        document_type=apps.get_model("network", "DocumentType"),
    )


class Migration(migrations.Migration):
    dependencies = [("network", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
