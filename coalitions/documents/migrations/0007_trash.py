"""The trash: who put what into it, with which folder. What lies there already begins its time anew."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def begin_anew(apps, schema_editor):
    """Nobody was told that what was withdrawn would be deleted: give it the whole time."""
    document = apps.get_model("documents", "Document")
    document.objects.filter(trashed__isnull=False).update(trashed=timezone.now())


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0006_sharing_acts'),
        ('network', '0004_workspace_starting_audience'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='folder',
            name='documents_folder_at_the_top_once',
        ),
        migrations.RemoveConstraint(
            model_name='folder',
            name='documents_folder_in_a_folder_once',
        ),
        migrations.AddField(
            model_name='document',
            name='trashed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents_trashed', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='document',
            name='trashed_with',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents_trashed', to='documents.folder'),
        ),
        migrations.AddField(
            model_name='folder',
            name='trashed',
            field=models.DateTimeField(blank=True, db_index=True, null=True),
        ),
        migrations.AddField(
            model_name='folder',
            name='trashed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='folders_trashed', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='folder',
            name='trashed_with',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='folders_trashed', to='documents.folder'),
        ),
        migrations.AlterField(
            model_name='document',
            name='trashed',
            field=models.DateTimeField(blank=True, db_index=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='folder',
            constraint=models.UniqueConstraint(condition=models.Q(('parent__isnull', True), ('trashed__isnull', True)), fields=('workspace', 'key'), name='documents_folder_at_the_top_once'),
        ),
        migrations.AddConstraint(
            model_name='folder',
            constraint=models.UniqueConstraint(condition=models.Q(('parent__isnull', False), ('trashed__isnull', True)), fields=('parent', 'key'), name='documents_folder_in_a_folder_once'),
        ),
        migrations.RunPython(begin_anew, migrations.RunPython.noop),
    ]
