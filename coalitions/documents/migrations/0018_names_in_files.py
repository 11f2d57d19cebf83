"""How much a file says about the people who made it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0017_fill_whose_trashing_it_was")]

    operations = [
        migrations.AddField(
            model_name="textextraction",
            name="names",
            field=models.PositiveSmallIntegerField(blank=True, editable=False, null=True),
        ),
    ]
