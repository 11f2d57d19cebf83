"""Deleting for good what has lain in the trash long enough, with its files.

Invariant: rows go first, in one transaction with the audit row that outlives them; then files. A
process that dies in between leaves files without a row, which the sweep removes. Every step can
be done twice. Rows are locked in the order in which the reading of text locks them.
"""

import logging
import shutil
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from coalitions.crash_points import reached
from coalitions.documents import copies
from coalitions.documents.care import in_care
from coalitions.documents.images import image_folder
from coalitions.documents.models import Document, DocumentVersion, Folder, TextExtraction
from coalitions.documents.models.version import documents_storage
from coalitions.documents.sandbox import work_folder
from coalitions.documents.signals import document_purged
from coalitions.documents.trash import trashed_before
from coalitions.network import audit
from coalitions.network.models import Organisation, Workspace

logger = logging.getLogger(__name__)


def purge_expired() -> int:
    """Delete for good what has lain in the trash for its time; return how many things.

    But no document in its coalition's care: its owner cannot bring it back until it returns.
    """
    oldest = trashed_before(timezone.now())
    purged = 0
    for model, purge in ((Document, purge_document), (Folder, _purge_folder)):
        due = model._default_manager.filter(trashed__lte=oldest).order_by("pk")
        for pk in list(due.values_list("pk", flat=True)):
            try:
                purged += purge(pk, trashed_by_then=oldest)
            except Exception:
                # One must not stop the others; the next night tries again.
                logger.exception("Purging %s %s failed", model._meta.model_name, pk)
    if purged:
        logger.info("Purged %s documents and folders", purged)
    return purged


def purge_document(
    pk: int,
    *,
    trashed_by_then: datetime | None = None,
    acting_user: Any = None,
    acting_organisation: Organisation | None = None,
) -> bool:
    """Delete one document for good; False where it is gone, or not in the trash (since then)."""
    with transaction.atomic():
        readings = TextExtraction.objects.filter(version__document=pk)
        list(readings.select_for_update(of=("self",)).order_by("pk"))
        trashed = Document.objects.filter(pk=pk, trashed__isnull=False)
        if trashed_by_then is not None:
            trashed = trashed.filter(trashed__lte=trashed_by_then).exclude(in_care())
        document = trashed.select_for_update().first()
        if document is None:
            return False
        versions = list(document.versions.all())
        audit.record(
            "document.purged",
            acting_user=acting_user,
            acting_organisation=acting_organisation,
            thing=document,
            versions=len(versions),
        )
        document_purged.send(sender=Document, document=document)
        _delete_rows(document)
        reached("purging.rows-deleted")
    reached("purging.committed")
    _remove_files(versions)
    return True


def _delete_rows(document: Document) -> None:
    """Delete what protects the document, then it; the rest goes with it (CASCADE)."""
    Document.objects.filter(translation_of=document).update(translation_of=None)
    Document.objects.filter(pk=document.pk).update(current_version=None)
    document.audiences.all().delete()
    document.versions.all().delete()
    reached("purging.versions-deleted")
    Document.objects.filter(pk=document.pk).delete()


def _remove_files(versions: list[DocumentVersion]) -> None:
    """Remove the files and page images of versions whose rows are gone."""
    storage = documents_storage()
    names = {version.file.name for version in versions if version.file.name}
    shared = DocumentVersion.objects.filter(file__in=names).values_list("file", flat=True)
    for name in sorted(names - set(shared)):
        try:
            storage.delete(name)
        except OSError:
            logger.warning("The file of a purged version was not removed; the sweep will do it")
        copies.forget(name, work_folder())
        reached("purging.file-removed")
    for version in versions:
        shutil.rmtree(image_folder() / str(version.uuid), ignore_errors=True)
    reached("purging.images-removed")


def _purge_folder(pk: int, *, trashed_by_then: datetime) -> bool:
    """Delete one trashed folder; what still names it as its place lies at the top instead."""
    with transaction.atomic():
        workspace = Workspace.objects.filter(folders=pk)
        list(workspace.select_for_update(of=("self",)))
        due = Folder.objects.filter(pk=pk, trashed__lte=trashed_by_then)
        folder = due.select_for_update().first()
        if folder is None:
            return False
        audit.record("folder.purged", acting_user=None, thing=folder)
        _move_to_the_top(folder)
        Document.objects.filter(trashed_with=folder).update(trashed_with=None)
        Folder.objects.filter(trashed_with=folder).update(trashed_with=None)
        Folder.objects.filter(pk=folder.pk).delete()
        reached("purging.folder-deleted")
    return True


def _move_to_the_top(folder: Folder) -> None:
    """Let nothing name the folder as its place; documents and folders in it lie at the top."""
    documents = Document.objects.filter(folder=folder).order_by("pk")
    before = str(folder.uuid)
    audit.record_each("document.moved", acting_user=None, things=documents, before=before, after="")
    folders = Folder.objects.filter(parent=folder).order_by("pk")
    audit.record_each("folder.moved", acting_user=None, things=folders, parent="")
    documents.update(folder=None)
    folders.update(parent=None)
