from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0005_quarantine_mails"),
    ]

    operations = [
        migrations.AlterField(
            model_name="outgoingmail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invitation", "Invitation"),
                    ("search_alert", "Alert of saved searches"),
                    ("share_request", "Request to share a document"),
                    ("share_answer", "Answer to a request to share"),
                    ("space_workspace", "Space of a workspace"),
                    ("space_organisation", "Space of an organisation"),
                    ("quarantine", "File in quarantine"),
                    ("coalition_joined", "Coalition joined"),
                    ("coalition_left", "Coalition left"),
                    ("workspace_left", "Workspace left by an organisation"),
                ],
                max_length=20,
            ),
        ),
    ]
