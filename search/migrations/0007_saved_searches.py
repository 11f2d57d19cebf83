"""Saved searches, what each of them found, and the alerts that are owed about it."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0006_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField(editable=False)),
                ("name", models.CharField(max_length=80, verbose_name="Name")),
                ("text", models.CharField(blank=True, max_length=400)),
                ("filters", models.JSONField(default=dict)),
                ("sort", models.CharField(default="relevance", max_length=10)),
                ("concepts", models.BooleanField(default=True)),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("language", models.CharField(default="en", max_length=8)),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("never", "No mail"),
                            ("at_once", "At once"),
                            ("daily", "Every morning"),
                            ("weekly", "Every Monday morning"),
                        ],
                        default="never",
                        max_length=10,
                        verbose_name="Mail",
                    ),
                ),
                ("paused", models.BooleanField(default=False, verbose_name="Paused")),
                ("due", models.DateTimeField(editable=False, null=True)),
                ("made", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("last_run", models.DateTimeField(editable=False, null=True)),
                (
                    "feed_digest",
                    models.CharField(editable=False, max_length=64, null=True, unique=True),
                ),
                ("feed_made", models.DateTimeField(editable=False, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_searches",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "saved search",
                "verbose_name_plural": "saved searches",
                "ordering": ["number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("due__isnull", False)),
                        fields=["due"],
                        name="search_saved_due",
                    ),
                    models.Index(fields=["frequency", "due"], name="search_saved_frequency"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "number"), name="search_saved_number_once"
                    ),
                    models.UniqueConstraint(fields=("owner", "digest"), name="search_saved_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchAlert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("made", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_alerts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SavedSearchFind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ref", models.CharField(max_length=120)),
                ("first_seen", models.DateTimeField(default=django.utils.timezone.now)),
                ("told", models.BooleanField(default=False)),
                (
                    "alert",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="finds",
                        to="search.searchalert",
                    ),
                ),
                (
                    "saved_search",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="finds",
                        to="search.savedsearch",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("saved_search", "ref"), name="search_find_once")
                ],
            },
        ),
    ]
