"""Fill the columns of the migration before; apart, as PostgreSQL alters no table that waits."""

from django.db import migrations, models


def fill(apps, schema_editor):
    """Take both from where they were said so far: the audit, and the metadata of the upload."""
    Document = apps.get_model("documents", "Document")
    Organisation = apps.get_model("network", "Organisation")
    AuditEntry = apps.get_model("network", "AuditEntry")
    for document in Document.objects.filter(trashed__isnull=False):
        entry = (
            AuditEntry.objects.filter(
                verb="document.trashed",
                object_kind="documents.document",
                object_uuid=document.uuid,
            )
            .order_by("-pk")
            .first()
        )
        acting = entry.acting_organisation if entry else None
        document.trashed_for = Organisation.objects.filter(uuid=acting).first() if acting else None
        document.save(update_fields=["trashed_for"])
    uploads = apps.get_model("documents", "ResumableUpload").objects
    said = models.Q(metadata__contains="recognisable eWVz") | models.Q(child_data=True)
    uploads.filter(said).update(shows_child=True)


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0005_documents_of_who_leaves"),
        ("documents", "0016_whose_trashing_and_whether_uploads_show_a_child"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
