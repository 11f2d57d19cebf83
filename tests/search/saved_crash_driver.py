"""Kills the worker at each named point of a run of saved searches, and looks at what was told.

Prints one JSON line per point: {"point": …, "killed": …, "problems": […]}. Run by
test_saved_crashes.py as a process of its own: it forks, and looks at commits to a database file.
"""

import json
import sys
from datetime import timedelta

import django

from tests.documents.crash_driver import in_child

POINTS = (
    "saved.taken",
    "saved.searched",
    "saved.half-written",
    "saved.written",
    "saved.committed",
)


def problems_after(document_ref: str) -> list[str]:
    """The leases end and the worker comes back: the document must be told once, by one mail."""
    from django.utils import timezone

    from portal.notifications.models import OutgoingMail
    from search.models import SavedSearch, SavedSearchFind, SearchAlert
    from search.saved.running import LEASE, run_due

    now = timezone.now()
    late = SavedSearch.objects.filter(due__gt=now + timedelta(days=1)).count()
    SavedSearch.objects.filter(due__lte=now + LEASE).update(due=now)
    run_due()
    SavedSearch.objects.filter(due__isnull=False).update(due=now)
    run_due()
    told = SavedSearchFind.objects.filter(ref=document_ref, told=True, alert__isnull=False)
    alerts = set(SearchAlert.objects.values_list("uuid", flat=True))
    mails = list(OutgoingMail.objects.values_list("subject", flat=True))
    return [
        *([f"told {told.count()} times"] if told.count() != 1 else []),
        *([f"{len(mails)} mails for {len(alerts)} alerts"] if len(mails) != len(alerts) else []),
        *(["a mail without its alert"] if set(mails) != alerts else []),
        *([f"{late} searches would wait for more than a day"] if late else []),
    ]


def main() -> None:
    """Go through every point."""
    django.setup()
    from django.utils import timezone

    from portal.celery import app
    from search.models import SavedSearch
    from search.saved.running import run_due
    from tests.search.saving import make_saving

    app.conf.task_always_eager = False
    world = make_saving()
    world.save()
    for point in POINTS:
        document = world.document()
        SavedSearch.objects.update(due=timezone.now())
        killed = in_child(point, run_due)  # type: ignore[arg-type]
        found = problems_after(f"document:{document.uuid}")
        print(json.dumps({"point": point, "killed": killed, "problems": found}), flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
