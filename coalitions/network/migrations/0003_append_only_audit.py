"""Triggers that let nobody change or delete an audit row, on SQLite and PostgreSQL."""

from django.db import migrations

from coalitions.network.append_only import forbid_changes, lift


def add(apps, schema_editor):
    forbid_changes(schema_editor.connection, "network_auditentry")


def remove(apps, schema_editor):
    lift(schema_editor.connection, "network_auditentry")


class Migration(migrations.Migration):
    dependencies = [("network", "0002_vocabularies")]
    operations = [migrations.RunPython(add, remove)]
