"""Work in the background. Jobs are rows; these messages are nudges and sweeps.

Invariant: every task can run at any time, twice or never, without harm.
"""

from contextlib import suppress

from celery import shared_task

from coalitions.documents import announcing, clamd, extraction, purging, scanning, sweeping


@shared_task(name="documents.extract", ignore_result=True)
def extract(version_id: int) -> None:
    """Read the text of one version, unless somebody else does or did."""
    extraction.read_text_of(version_id)


@shared_task(name="documents.scan", ignore_result=True)
def scan(version_id: int) -> None:
    """Have one version checked for viruses; without an answer the sweep asks again."""
    # Why there was none is in the row, and the sweep's log says it once for all.
    with suppress(clamd.ScannerDown):
        scanning.scan_version(version_id)


@shared_task(name="documents.sweep_scans", ignore_result=True)
def sweep_scans() -> None:
    """Have checked what still waits for it: lost nudges, a scanner that was down, old versions."""
    scanning.scan_waiting()


@shared_task(name="documents.sweep_extractions", ignore_result=True)
def sweep_extractions() -> None:
    """Read what is still waiting: nudges that got lost, workers that died."""
    extraction.read_waiting()


@shared_task(name="documents.sweep_orphaned_files", ignore_result=True)
def sweep_orphaned_files() -> None:
    """Remove what killed processes left behind: files without a row, uploads without a request."""
    sweeping.sweep()


@shared_task(name="documents.purge_trash", ignore_result=True)
def purge_trash() -> None:
    """Delete for good what has lain in the trash for its time."""
    purging.purge_expired()


@shared_task(name="documents.announce_audiences", ignore_result=True)
def announce_audiences() -> None:
    """Tell search of audiences that went back by their date."""
    announcing.announce_begun()
