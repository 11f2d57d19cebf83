"""When saved searches are run, in the portal's time zone.

Invariant: what is due once is due again: nothing here ever answers "never" for a frequency that
wants mail.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from search.models import SavedSearch

# After an alert that told something, the next of the same search comes so much later at the least.
DEBOUNCE: Final = timedelta(minutes=10)
# A search that alerts at once is run this often at most, however much is indexed meanwhile.
PACE: Final = timedelta(minutes=1)
MONDAY: Final = 0


def next_due(frequency: str, after: datetime) -> datetime | None:
    """The next run after `after`; None where no mail is wanted.

    "At once" is run when something was indexed, and every morning besides, for what came into
    sight without being indexed.
    """
    if frequency == SavedSearch.Frequency.NEVER:
        return None
    zone = timezone.get_default_timezone()
    local = after.astimezone(zone)
    day = local.date()
    if frequency == SavedSearch.Frequency.WEEKLY:
        day += timedelta(days=(MONDAY - day.weekday()) % 7)
    step = timedelta(days=7 if frequency == SavedSearch.Frequency.WEEKLY else 1)
    while True:
        morning = datetime(day.year, day.month, day.day, settings.ALERT_HOUR, tzinfo=zone)
        if morning > after:
            return morning
        day += step
