"""Having files checked for viruses: claim the job, ask the scanner, write its verdict.

Invariants: without a verdict a file stays closed, however long the scanner is silent. A verdict is
of bytes, and holds for every version that has the same; only an operator's new look
(`look_again`) releases what was once found infected. Text is read after a clean verdict only.
Rows are locked in the order in which reading and purging lock them.
"""

import logging
import shutil
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Least
from django.utils import timezone

from coalitions.crash_points import reached
from coalitions.documents import clamd
from coalitions.documents.images import image_folder
from coalitions.documents.models import (
    Document,
    DocumentPage,
    DocumentVersion,
    TextExtraction,
    VirusScan,
)
from coalitions.documents.models.scan import MOST_TIMES_SLOW, TOO_SLOW
from coalitions.documents.nudges import after_commit
from coalitions.documents.signals import document_changed, version_quarantined
from coalitions.network import audit

logger = logging.getLogger(__name__)

SWEEP_SECONDS: Final = 400
MOST_AT_ONCE: Final = 500
# Beyond this the pauses grow no longer, and a small number field would end some day.
_MOST_COUNTED: Final = 1000
_BLOCK: Final = 256 * 1024
State = VirusScan.State


@dataclass(frozen=True)
class Verdict:
    """What became of a look at a file."""

    state: str
    found: str = ""
    reason: str = ""


def admit(version: DocumentVersion) -> None:
    """Let a new version's file be checked, then read; inside the transaction that adds it."""
    # The tasks call this module.
    from coalitions.documents.tasks import extract, scan

    if not settings.CLAMD_URL:
        after_commit(extract, version.pk)
        return
    same = _same_file(version)
    if same is not None:
        VirusScan.objects.create(version=version, state=same.state, finished=same.finished)
        after_commit(extract, version.pk)
        return
    VirusScan.objects.create(version=version)
    after_commit(scan, version.pk)


def _same_file(version: DocumentVersion) -> VirusScan | None:
    """Return the clean scan of the version that this one restores: it is one stored file."""
    if version.restored_from is None:
        return None
    return VirusScan.objects.filter(
        version__document=version.document_id,
        version__number=version.restored_from,
        version__file=version.file.name,
        state=State.CLEAN,
    ).first()


def check_again(keys: list[int]) -> None:
    """Let versions whose file was exchanged be checked anew; inside the transaction of that."""
    from coalitions.documents.tasks import scan

    if not settings.CLAMD_URL:
        return
    rows = VirusScan.objects.filter(version__in=keys).exclude(state=State.INFECTED)
    rows.update(
        state=State.WAITING,
        found="",
        reason="",
        attempts=0,
        next_attempt=timezone.now(),
        claimed=None,
        finished=None,
    )
    for key in keys:
        after_commit(scan, key)


def scan_version(version_id: int) -> bool:
    """Have one version looked at; return whether this call brought its verdict.

    Raises ScannerDown, after writing down when to try again. With a file that it does not finish,
    again and again, though it is up, it is asked no more.
    """
    if not settings.CLAMD_URL:
        return False
    job = VirusScan.objects.due().filter(version=version_id).select_related("version").first()
    claimed = _claim(job) if job else None
    if job is None or claimed is None:
        return False
    reached("scanning.claimed")
    try:
        verdict = _known(job.version) or _look_at(job.version)
    except clamd.ScannerDown as error:
        slow = job.times_slow + (isinstance(error, clamd.NotInTime) and _answers())
        if slow < MOST_TIMES_SLOW:
            VirusScan.objects.filter(pk=job.pk, state=State.WAITING, claimed=claimed).update(
                claimed=None,
                reason=f"{TOO_SLOW}-{slow}" if slow else "down",
                next_attempt=timezone.now() + job.pause,
            )
            raise
        logger.error("The virus scanner never finishes version %s", job.version.uuid)
        verdict = Verdict(State.FAILED, reason=TOO_SLOW)
    reached("scanning.answered")
    return _finish(job.version, verdict, claimed=claimed)


def scan_waiting() -> int:
    """Have everything looked at that is due, as long as a sweep may take; return how many."""
    if not settings.CLAMD_URL:
        return 0
    enrol()
    started = time.monotonic()
    done = 0
    due = VirusScan.objects.due().order_by("next_attempt", "pk")
    for version_id in list(due.values_list("version_id", flat=True)[:MOST_AT_ONCE]):
        if time.monotonic() - started > SWEEP_SECONDS:
            break
        try:
            done += scan_version(version_id)
        except clamd.ScannerDown as error:
            logger.warning("The virus scanner gave no verdict on %s: %s", version_id, error)
            if not _answers():
                break  # the others would only wait for it in vain
        except Exception:
            # One must not stop the others; its lease ends, and it is tried again.
            logger.exception("Scanning version %s failed", version_id)
    return done


def enrol(most: int = 5000) -> int:
    """Begin a scan for versions from before there was a scanner, the newest first."""
    without = DocumentVersion.objects.filter(scan__isnull=True).order_by("-pk")
    rows = [VirusScan(version_id=pk) for pk in without.values_list("pk", flat=True)[:most]]
    VirusScan.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)


def look_again(version: DocumentVersion) -> str:
    """Ask the scanner about a version whatever it said before; return the state then.

    Until the answer the version stays as it is. For operators: this alone ends a quarantine.
    """
    verdict = _look_at(version)
    VirusScan.objects.get_or_create(version=version)
    if verdict.state == State.FAILED:
        # No answer: what was found before still holds.
        VirusScan.objects.filter(version=version, state=State.WAITING).update(
            state=verdict.state, reason=verdict.reason, claimed=None, finished=timezone.now()
        )
    else:
        _finish(version, verdict, releases=True)
    return VirusScan.objects.get(version=version).state


def _answers() -> bool:
    try:
        clamd.ping(settings.CLAMD_URL)
    except clamd.ScannerDown:
        return False
    return True


def _claim(job: VirusScan) -> datetime | None:
    """Take the job for LEASE; None when somebody else was faster."""
    now = timezone.now()
    mine = VirusScan.objects.due().filter(pk=job.pk)
    if not mine.update(claimed=now, attempts=Least(F("attempts"), _MOST_COUNTED) + 1):
        return None
    job.refresh_from_db(fields=["attempts", "claimed", "reason"])
    return now


def _known(version: DocumentVersion) -> Verdict | None:
    """Return the verdict on bytes that were found infected elsewhere."""
    same = VirusScan.objects.filter(version__sha256=version.sha256, state=State.INFECTED)
    found = same.values_list("found", flat=True).first()
    return None if found is None else Verdict(State.INFECTED, found)


def _look_at(version: DocumentVersion) -> Verdict:
    storage, name = version.file.storage, version.file.name or ""
    try:
        with storage.open(name, "rb") as file:
            blocks = iter(lambda: file.read(_BLOCK), b"")
            found = clamd.scan(settings.CLAMD_URL, blocks)
    except FileNotFoundError:
        logger.error("The file of version %s is missing", version.uuid)
        return Verdict(State.FAILED, reason="missing")
    except clamd.BeyondLimits:
        logger.error("Version %s is beyond the limits of the virus scanner", version.uuid)
        return Verdict(State.FAILED, reason="too-large")
    return Verdict(State.INFECTED, found) if found else Verdict(State.CLEAN)


def _finish(
    version: DocumentVersion,
    verdict: Verdict,
    *,
    claimed: datetime | None = None,
    releases: bool = False,
) -> bool:
    """Write the verdict on every version with these bytes that it changes."""
    same = DocumentVersion.objects.filter(sha256=version.sha256)
    if verdict.state == State.FAILED:
        same = same.filter(pk=version.pk)
    with transaction.atomic():
        readings = TextExtraction.objects.filter(version__in=same)
        list(readings.select_for_update(of=("self",)).order_by("pk"))
        concerned = Document.objects.filter(pk__in=same.values("document"))
        documents = {row.pk: row for row in concerned.select_for_update().order_by("pk")}
        scans = VirusScan.objects.filter(version__in=same)
        if claimed and not scans.filter(version=version.pk, claimed=claimed).exists():
            return False  # the lease ended, and somebody else was faster
        changing = _changing(scans, verdict, releases)
        now = timezone.now()
        VirusScan.objects.filter(pk__in=[row.pk for row in changing]).update(
            state=verdict.state,
            found=verdict.found,
            reason=verdict.reason,
            claimed=None,
            finished=now,
        )
        reached("scanning.verdict-written")
        _follow([row.version for row in changing], verdict, documents)
        reached("scanning.before-commit")
    reached("scanning.committed")
    if verdict.state == State.INFECTED:
        for row in changing:
            shutil.rmtree(image_folder() / str(row.version.uuid), ignore_errors=True)
    return any(row.version_id == version.pk for row in changing)


def _changing(scans: "QuerySet[VirusScan]", verdict: Verdict, releases: bool) -> list[VirusScan]:
    """Return the scans that take over the verdict."""
    if verdict.state != State.INFECTED and not releases:
        scans = scans.exclude(state=State.INFECTED)
    others = scans.exclude(state=verdict.state).order_by("pk")
    return list(others.select_related("version__uploader"))


def _follow(
    versions: list[DocumentVersion], verdict: Verdict, documents: dict[int, Document]
) -> None:
    """Do what follows from a verdict: read the text, or forget it and tell of the quarantine."""
    from coalitions.documents.tasks import extract

    for version in versions:
        document = documents[version.document_id]
        if verdict.state == State.CLEAN:
            after_commit(extract, version.pk)
        elif verdict.state == State.INFECTED:
            _quarantine(version, document)
        if document.current_version_id == version.pk:
            document_changed.send(sender=Document, document=document, audience_tightened=False)


def _quarantine(version: DocumentVersion, document: Document) -> None:
    """Forget the text; keep in the log that it was taken out; let people be told."""
    DocumentPage.objects.filter(version=version).delete()
    TextExtraction.objects.filter(version=version).update(
        state=TextExtraction.State.WAITING,
        reason="",
        attempts=0,
        claimed=None,
        finished=None,
        page_count=0,
    )
    audit.record(
        "version.quarantined",
        acting_user=None,
        thing=version,
        document=str(document.uuid),
        number=version.number,
    )
    version_quarantined.send(sender=DocumentVersion, version=version)
