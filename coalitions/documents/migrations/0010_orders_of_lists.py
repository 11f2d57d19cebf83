"""Indexes in which folders, workspaces and libraries are listed without reading all rows."""

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("documents", "0009_index_the_trash_alone")]

    operations = [
        migrations.AddIndex(
            "document",
            models.Index(
                fields=["workspace", "folder", "changed", "uuid"], name="documents_folder_changed"
            ),
        ),
        migrations.AddIndex(
            "document",
            models.Index(
                "workspace", "folder", Lower("title"), "uuid", name="documents_folder_title"
            ),
        ),
        migrations.AddIndex(
            "document",
            models.Index(
                fields=["workspace", "changed", "uuid"], name="documents_workspace_changed"
            ),
        ),
        migrations.AddIndex(
            "document",
            models.Index(fields=["workspace", "owner"], name="documents_workspace_owner"),
        ),
        migrations.AddIndex(
            "document", models.Index(fields=["changed", "uuid"], name="documents_changed")
        ),
        migrations.AddIndex(
            "documentaudience",
            models.Index(fields=["rung", "until", "document"], name="documents_on_a_rung"),
        ),
    ]
