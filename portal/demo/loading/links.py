"""A link for outsiders in the demonstration, and one that was revoked.

Invariant: found again by its document, so that loading again adds nothing. The address and the
password of the living one are said once, to whoever loads the demonstration: they are kept nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from coalitions.documents.forms.links import suggested_password
from coalitions.documents.services.linking import Terms, make_link, revoke_link
from portal.accounts.models import User
from portal.demo.loading.documents import document_called

DOCUMENT: Final = "practice-cards-handbook"
MADE_BY: Final = "fieldworker@tidewater.example"
LIVING: Final = "Printer in the harbour, for the second edition"
REVOKED: Final = "Journalist, for one article"


def load_links(say: Callable[[str], None]) -> None:
    """Make one link that lives for thirty days, and one that was revoked."""
    document = document_called(DOCUMENT)
    if document.links.exists():
        return
    person, password = User.objects.get(email=MADE_BY), suggested_password()
    with transaction.atomic():
        over, _secret = make_link(
            acting_user=person,
            document=document,
            terms=Terms(password, days=3, downloads=1, version=1, purpose=REVOKED),
        )
        revoke_link(acting_user=person, link=over)
        _link, secret = make_link(
            acting_user=person,
            document=document,
            terms=Terms(password, days=30, downloads=20, purpose=LIVING),
        )
    with override("en"):
        address = settings.PUBLIC_URL + reverse("documents:link", args=[secret])
    say(f"A link for outsiders, password {password}: {address}")
