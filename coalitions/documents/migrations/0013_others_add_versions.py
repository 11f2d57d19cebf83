from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0012_links_for_outsiders")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="others_add_versions",
            field=models.BooleanField(
                default=False, verbose_name="Members of its workspace may add versions"
            ),
        ),
    ]
