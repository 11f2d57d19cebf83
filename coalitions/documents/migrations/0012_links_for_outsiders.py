"""Links for outsiders, and views through them."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0011_space_of_workspaces_and_organisations"),
        ("network", "0004_workspace_starting_audience"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="documentview",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="document_views",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="DocumentLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "purpose",
                    models.CharField(blank=True, max_length=200, verbose_name="What it is for"),
                ),
                ("secret_digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("password", models.CharField(editable=False, max_length=255)),
                ("most_downloads", models.PositiveIntegerField(verbose_name="Downloads at most")),
                ("downloads_made", models.PositiveIntegerField(default=0, editable=False)),
                ("submission", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Expired"),
                            ("revoked", "Revoked"),
                            ("narrowed", "Shared with fewer people"),
                            ("child-data", "Child data"),
                            ("trashed", "In the trash"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="documents.document",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_made",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.organisation",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="documents.documentversion",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="documentview",
            name="link",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="views",
                to="documents.documentlink",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentview",
            constraint=models.UniqueConstraint(
                fields=("link", "version", "hour"), name="documents_view_by_link_once_an_hour"
            ),
        ),
        migrations.AddConstraint(
            model_name="documentview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("person__isnull", False), ("link__isnull", False), _connector="XOR"
                ),
                name="documents_view_of_a_person_or_a_link",
            ),
        ),
        migrations.AddIndex(
            model_name="documentlink",
            index=models.Index(fields=["document", "until"], name="documents_links_of_one"),
        ),
        migrations.AddConstraint(
            model_name="documentlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__isnull", False)), name="documents_link_has_an_end"
            ),
        ),
        migrations.AddConstraint(
            model_name="documentlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("downloads_made__lte", models.F("most_downloads"))),
                name="documents_link_not_used_too_often",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentlink",
            constraint=models.UniqueConstraint(
                fields=("made_by", "submission"), name="documents_link_made_once"
            ),
        ),
    ]
