"""What a mail about a file in quarantine may say.

Invariant: a reference at most, and only to people who see the document at that moment; of a file
with data about a child not even that.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse

from coalitions.documents.labels import audience_of
from coalitions.documents.models import VirusScan
from coalitions.documents.quarantine import quarantined_for
from coalitions.network.viewers import viewer_for
from portal.notifications.models import OutgoingMail
from portal.notifications.services.recipients import recipient_of


def quarantine_of(mail: OutgoingMail) -> tuple[Any, VirusScan] | None:
    """Return the person and the scan, where it still concerns them."""
    person = recipient_of(mail)
    if person is None:
        return None
    version = quarantined_for(person, viewer_for(person)).filter(uuid=mail.subject).first()
    return (person, version.scan) if version else None


def facts_of(scan: VirusScan) -> tuple[str, dict[str, Any]]:
    """Return which text it is and what stands in it, in the language that is active."""
    version = scan.version
    audience = audience_of(version.document)
    if audience is None or audience.child_data:
        return "quarantine_sealed", {"link": settings.PUBLIC_URL + reverse("home:my-work")}
    path = reverse("documents:version", args=[version.document.uuid, version.number])
    return "quarantine", {
        "reference": version.document.reference,
        "link": settings.PUBLIC_URL + path,
    }
