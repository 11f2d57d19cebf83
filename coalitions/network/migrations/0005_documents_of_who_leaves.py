from django.db import migrations, models

CHOICES = [("stay", "They stay in the workspaces"), ("go", "They go with the organisation")]


class Migration(migrations.Migration):
    """Who is in a coalition already was told that documents stay."""

    dependencies = [("network", "0004_workspace_starting_audience")]

    operations = [
        migrations.AddField(
            model_name="coalition",
            name="on_leaving",
            field=models.CharField(
                choices=CHOICES,
                default="stay",
                max_length=8,
                verbose_name="Documents of an organisation that leaves",
            ),
        ),
        migrations.AddField(
            model_name="coalitionmembership",
            name="on_leaving",
            field=models.CharField(choices=CHOICES, default="stay", editable=False, max_length=8),
        ),
    ]
