"""Taking what a file says about people out of a version, for good.

Invariant: the version keeps its number and its address, and no version is added, so that the bytes
with the names are reachable nowhere: every version that shares them gets the new file, then the old
one is removed. A process that dies in between leaves a file without a row, which the sweep removes.
What was said is written down nowhere, also not in the audit.
"""

import logging
from typing import Any

from django.db import transaction

from coalitions.access import NotAllowed
from coalitions.crash_points import reached
from coalitions.documents import copies, sandbox
from coalitions.documents.authors import AuthorsStay, without_traces
from coalitions.documents.full import refusing_when_full
from coalitions.documents.incoming import Incoming, examine, store
from coalitions.documents.media_types import kind_of
from coalitions.documents.models import Document, DocumentVersion, TextExtraction
from coalitions.documents.models.version import documents_storage
from coalitions.documents.nudges import after_commit
from coalitions.documents.permissions import rights_on
from coalitions.documents.scanning import check_again
from coalitions.documents.signals import document_changed
from coalitions.documents.tasks import extract
from coalitions.network import audit

logger = logging.getLogger(__name__)


def remove_authors(*, acting_user: Any, document: Document, number: int) -> DocumentVersion:
    """Exchange the file of version `number` for one without what it says about people.

    For those who may edit the document. Raises AuthorsStay where that cannot be done, FileRefused
    where the new file is too large or finds no room, and NotAllowed for everybody else. Asked
    twice, or for a file that says nothing, it does no harm.
    """
    version = document.versions.filter(number=number).first()
    if version is None or not rights_on(acting_user, document).edit:
        raise NotAllowed("Only people of the owning organisation take names out of a file.")
    old = version.file.name or ""
    try:
        with (
            refusing_when_full(),
            sandbox.local_file(version) as source,
            without_traces(source, kind_of(version.media_type), version.name) as cleaned,
        ):
            incoming = examine(cleaned, version.name)
            if incoming.sha256 == version.sha256:
                return version
            _uuid, stored = store(incoming)
    except (sandbox.StorageMisses, OSError) as error:
        if not isinstance(error, sandbox.StorageMisses):
            logger.warning("The storage did not answer for version %s", version.uuid)
        raise AuthorsStay("missing") from error
    reached("authors.stored")
    try:
        _exchange(acting_user, document, old, incoming, stored)
    except BaseException:
        if not DocumentVersion.objects.filter(file=stored).exists():
            documents_storage().delete(stored)
        raise
    reached("authors.committed")
    _remove(old)
    version.refresh_from_db()
    return version


def _exchange(
    acting_user: Any, document: Document, old: str, incoming: Incoming, stored: str
) -> None:
    """Give all versions with the file `old` the new one, in one transaction."""
    with transaction.atomic():
        # In the order in which the reading of text and the purge lock.
        readings = TextExtraction.objects.filter(version__document=document, version__file=old)
        jobs = list(readings.select_for_update(of=("self",)).order_by("pk"))
        locked = Document.objects.select_for_update().get(pk=document.pk)
        rights = rights_on(acting_user, locked)
        if not rights.edit:
            raise NotAllowed("They may not edit the document any more.")
        # A version is never changed, but for this; see the model.
        exchanged = locked.versions.filter(file=old)
        keys = list(exchanged.values_list("pk", flat=True))
        exchanged.update(file=stored, size=incoming.size, sha256=incoming.sha256)
        for version in locked.versions.filter(pk__in=keys):
            audit.record(
                "version.authors-removed",
                acting_user=acting_user,
                acting_organisation=rights.organisation,
                thing=version,
                document=str(locked.uuid),
                number=version.number,
            )
        TextExtraction.objects.filter(version__in=keys).update(names=0)
        check_again(keys)
        for job in jobs:
            if job.state == TextExtraction.State.WAITING:
                # Whoever reads the old file at this moment may miss it; it is read again.
                TextExtraction.objects.filter(pk=job.pk).update(claimed=None)
                after_commit(extract, job.version_id)
        reached("authors.rows-written")
        document_changed.send(sender=Document, document=locked, audience_tightened=False)
        reached("authors.before-commit")


def _remove(old: str) -> None:
    if DocumentVersion.objects.filter(file=old).exists():  # of another document, or put back
        return
    try:
        documents_storage().delete(old)
    except OSError:
        logger.warning("A file with names was not removed; the sweep will do it")
    try:
        copies.forget(old, sandbox.work_folder())
    except OSError:
        logger.warning("A copy of a file with names was not removed")
    reached("authors.old-removed")
