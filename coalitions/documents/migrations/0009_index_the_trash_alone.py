from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0008_resumable_uploads")]

    operations = [
        migrations.AlterField(
            model_name="document",
            name="trashed",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="folder",
            name="trashed",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("trashed__isnull", False)),
                fields=["trashed"],
                name="documents_in_the_trash",
            ),
        ),
        migrations.AddIndex(
            model_name="folder",
            index=models.Index(
                condition=models.Q(("trashed__isnull", False)),
                fields=["trashed"],
                name="documents_folders_in_the_trash",
            ),
        ),
    ]
