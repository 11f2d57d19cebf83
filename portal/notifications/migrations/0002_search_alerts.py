"""Another kind of mail: what is new in saved searches."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_outgoing_mail")]

    operations = [
        migrations.AlterField(
            model_name="outgoingmail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invitation", "Invitation"),
                    ("search_alert", "Alert of saved searches"),
                ],
                max_length=20,
            ),
        ),
    ]
