"""For whom a document was put into the trash; of uploads, whether a child can be recognised."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0005_documents_of_who_leaves"),
        ("documents", "0015_former_places"),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="trashed_for",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="network.organisation",
            ),
        ),
        migrations.AddField(
            model_name="resumableupload",
            name="shows_child",
            field=models.BooleanField(default=False),
        ),
    ]
