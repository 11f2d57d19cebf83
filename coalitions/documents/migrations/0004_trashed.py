"""What was withdrawn is in the trash."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_folders")]

    operations = [migrations.RenameField("document", "withdrawn", "trashed")]
