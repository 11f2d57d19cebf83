"""Reading the text of a version: claim the job, read in a process apart, write the pages.

Invariant: a claim is a lease; only who holds it writes, all pages and the end of the job in one
transaction. Every job ends after a few attempts, so that no file holds up the others.
"""

import logging
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from coalitions.crash_points import reached
from coalitions.documents import sandbox
from coalitions.documents.authors import has_traces, traces_in
from coalitions.documents.checked import opened, why_closed
from coalitions.documents.media_types import kind_of
from coalitions.documents.models import Document, DocumentPage, DocumentVersion, TextExtraction
from coalitions.documents.signals import document_changed
from coalitions.language import clean, guess_language

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
MAX_ATTEMPTS = 3
SWEEP_SECONDS = 400
State = TextExtraction.State


def read_text_of(version_id: int) -> bool:
    """Read one version's text; return whether this call did it."""
    job = (
        TextExtraction.objects.select_related("version__document", "version__scan")
        .filter(version_id=version_id, state=State.WAITING)
        .first()
    )
    if job is None or why_closed(job.version):
        return False
    claimed = _claim(job)
    if claimed is None:
        return False
    reached("extraction.claimed")
    job.version.refresh_from_db(fields=["file"])  # names may have been taken out meanwhile
    result = _read(job.version)
    result["names"] = _names_in(job.version)
    reached("extraction.text-read")
    pages = _pages(job.version, result)
    return _finish(job, claimed, result, pages)


def read_waiting() -> int:
    """Read everything that waits, oldest first, as long as a sweep may take; return how many."""
    started = time.monotonic()
    done = 0
    waiting = TextExtraction.objects.filter(
        _free(timezone.now()), opened("version__"), state=State.WAITING
    )
    for version_id in list(waiting.order_by("pk").values_list("version_id", flat=True)[:500]):
        if time.monotonic() - started > SWEEP_SECONDS:
            break
        try:
            done += read_text_of(version_id)
        except Exception:
            # One job must not stop the others; its lease ends and its attempts are counted.
            logger.exception("Reading version %s failed", version_id)
    return done


def _free(now: datetime) -> Q:
    return Q(claimed__isnull=True) | Q(claimed__lt=now - LEASE)


def _claim(job: TextExtraction) -> datetime | None:
    """Take the job for LEASE; None when somebody holds it or its attempts are used up."""
    now = timezone.now()
    mine = TextExtraction.objects.filter(_free(now), pk=job.pk, state=State.WAITING)
    if not mine.update(claimed=now, attempts=F("attempts") + 1):
        return None
    job.refresh_from_db(fields=["attempts", "claimed"])
    if job.attempts > MAX_ATTEMPTS:
        _finish(job, now, {"reason": "crashed"}, [])
        return None
    return now


def _read(version: DocumentVersion) -> dict[str, Any]:
    kind = kind_of(version.media_type)
    if kind.family == "image":
        return {"reason": "picture", "page_count": 1}
    if kind.family == "locked":
        return {"reason": "encrypted"}
    try:
        with sandbox.local_file(version) as source:
            return sandbox.run("text", kind.family, version.media_type, source)
    except sandbox.StorageMisses:
        logger.error("The file of version %s is missing", version.uuid)
        return {"reason": "missing"}


def _names_in(version: DocumentVersion) -> int | None:
    """Return how much the file says about people; None where that cannot be known."""
    if not has_traces(version.media_type):
        return None
    traces = traces_in(version)
    return None if traces.reason else min(traces.names, 1000)


def _pages(version: DocumentVersion, result: dict[str, Any]) -> list[DocumentPage]:
    """Return the pages to write, cleaned and with their languages."""
    texts = [(anchor, clean(text).strip()) for anchor, text in result.get("pages", [])]
    guesses = [guess_language(text) for _, text in texts]
    usual = "" if version.document.language_from_text else version.document.language
    usual = _main_language(texts, guesses) or usual
    return [
        DocumentPage(
            version=version, number=number, anchor=anchor, text=text, language=guess or usual
        )
        for number, ((anchor, text), guess) in enumerate(zip(texts, guesses, strict=True), 1)
    ]


def _main_language(texts: list[tuple[str, str]], guesses: list[str]) -> str:
    weights: Counter[str] = Counter()
    for (_, text), guess in zip(texts, guesses, strict=True):
        weights[guess] += len(text)
    return max(weights, key=lambda code: weights[code], default="")


def _finish(
    job: TextExtraction, claimed: datetime, result: dict[str, Any], pages: list[DocumentPage]
) -> bool:
    reason = str(result.get("reason", ""))
    with transaction.atomic():
        held = TextExtraction.objects.filter(pk=job.pk, state=State.WAITING, claimed=claimed)
        ended = held.update(
            state=State.FAILED if reason else State.DONE,
            reason=reason,
            finished=timezone.now(),
            page_count=int(result.get("page_count") or len(pages)),
            names=result.get("names"),
        )
        if not ended:
            return False
        reached("extraction.job-ended")
        DocumentPage.objects.filter(version=job.version).delete()
        DocumentPage.objects.bulk_create(pages, batch_size=100)
        reached("extraction.pages-written")
        document = Document.objects.select_for_update().get(pk=job.version.document_id)
        if document.current_version_id == job.version_id:
            _tell_language(document, pages)
        document_changed.send(sender=Document, document=document, audience_tightened=False)
        reached("extraction.before-commit")
    reached("extraction.committed")
    return True


def _tell_language(document: Document, pages: list[DocumentPage]) -> None:
    """Take the document's language from its text where nobody said it."""
    texts = [(page.anchor, page.text) for page in pages]
    language = _main_language(texts, [page.language for page in pages])
    if document.language_from_text and language in dict(settings.LANGUAGES):
        document.language = language
        document.language_from_text = False
        document.save(update_fields=["language", "language_from_text"])
