"""How checking for viruses is doing, for the page that explains readiness.

Invariant: numbers only; nothing that tells what was checked.
"""

from django.conf import settings
from django.db.models import Count, Min
from django.utils import timezone

from coalitions.documents import clamd
from coalitions.documents.models import DocumentVersion, VirusScan


def scanner() -> str:
    """Ask the scanner whether it listens; raises ScannerDown."""
    clamd.ping(settings.CLAMD_URL)
    return "answers"


def scans() -> str:
    """Say how many files wait and since when, and how many have no clean verdict."""
    rows = VirusScan.objects.exclude(state=VirusScan.State.CLEAN).order_by()
    counts = {
        state: (number, oldest)
        for state, number, oldest in rows.values_list("state").annotate(Count("pk"), Min("created"))
    }
    waiting, oldest = counts.get("waiting", (0, None))
    waiting += DocumentVersion.objects.filter(scan__isnull=True).count()
    seconds = round((timezone.now() - oldest).total_seconds()) if oldest else 0
    infected, failed = (counts.get(state, (0, None))[0] for state in ("infected", "failed"))
    return f"{waiting} waiting, oldest {seconds} s, {infected} infected, {failed} failed"
