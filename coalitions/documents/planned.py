"""The end that is planned for how far a document is shared now, as pages say it.

Invariant: made for a document with its audience (`with_audience`) that the viewer sees.
"""

from datetime import date, timedelta
from typing import Any

from coalitions.documents.models import DocumentAudience


def falls_back(found: Any) -> DocumentAudience | None:
    """Return what was written ahead: where the document goes when the present step ends."""
    if found.rung_until is None:
        return None
    row: DocumentAudience | None = found.audiences.filter(
        since=found.rung_until, planned=True
    ).first()
    return row


def last_day(found: Any) -> date | None:
    """Return the last whole day of the present step; None where it does not end."""
    if found.rung_until is None:
        return None
    day: date = (found.rung_until - timedelta(microseconds=1)).date()
    return day
